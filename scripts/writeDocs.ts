import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configReference } from "./configReference";

// Everything under docs/ that is generated; a test says when it is stale.
const path = join(__dirname, "..", "docs", "configuration.md");
writeFileSync(path, configReference());
console.log("wrote docs/configuration.md");
