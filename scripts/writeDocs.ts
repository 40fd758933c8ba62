import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configReference } from "./configReference";
import { editorSchemas } from "./editorSchema";

const ROOT = join(__dirname, "..");

// What is generated: the reference of configuration, and the schemas that stack files name; a test says when one is stale.
const files = { "docs/configuration.md": configReference(), ...editorFiles() };

function editorFiles(): Record<string, string> {
  const entries = Object.entries(editorSchemas()).map(([file, schema]) => [
    file,
    `${JSON.stringify(schema, null, 2)}\n`,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

for (const [file, text] of Object.entries(files)) {
  writeFileSync(join(ROOT, file), text);
  console.log(`wrote ${file}`);
}
