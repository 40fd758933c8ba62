import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { bareProgram, compare } from "./compare";

const ROOT = join(__dirname, "..");

/** Services of the stacks that are previewed beside one another. */
const SIZES = [1, 10, 25, 50] as const;

/**
 * What the preview takes beside the barest program that registers the same resources under the same mocks, with and without
 * what it has kept, of three stacks and of many services. As ratios: seconds alone say what else the machine does.
 */
async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const preview = ["-r", join(ROOT, "preview/register.cjs"), join(ROOT, "preview/main.ts")];
    const anew = ["-r", join(ROOT, "preview/register.cjs"), join(__dirname, "benchServices.ts")];
    compare(folder, await bareProgram(folder), [
      { name: "preview of prod", args: [...preview, "prod"] },
      { name: "the same, recorded and checked anew", args: [...anew, ROOT, "prod"] },
      { name: "the same, nothing kept", args: [...preview, "prod"], env: { ECS_DELIVERY_CACHE: "off" } },
      { name: "preview of dev, qa and prod", args: preview },
    ]);
    const [one, ...more] = SIZES.map((size) => {
      const place = ofServices(join(folder, String(size)), size);
      return { name: `preview of ${size} service(s)`, args: [...anew, place] };
    });
    if (one) compare(folder, one, more);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A project of one stack with so many services, each with a pipeline of its own. */
function ofServices(folder: string, size: number): string {
  mkdirSync(folder);
  const services = Array.from({ length: size }, (_, at) => ({
    name: `service-${at + 1}`,
    folder: `service-${at + 1}`,
    container: { name: "app", port: 8080 },
  }));
  const config = {
    "aws:region": "eu-west-1",
    "ecs-delivery:branch": "main",
    "ecs-delivery:pipelines": "perService",
    "ecs-delivery:source": { provider: "CodeCommit", repository: "shop" },
    "ecs-delivery:services": services,
  };
  writeFileSync(join(folder, "Pulumi.dev.yaml"), stringify({ config }));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: ecs-delivery\nruntime: nodejs\nmain: index.ts\n");
  writeFileSync(join(folder, "index.ts"), `export = require(${JSON.stringify(join(ROOT, "index"))});\n`);
  return folder;
}

void bench();
