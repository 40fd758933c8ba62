import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { parse, stringify } from "yaml";
import { type Cloud, readCloud, writeCloud } from "./standIn/cloud";

const ROOT = join(__dirname, "..", "..");

/** Tests that need the engine: they say that they are skipped where there is none. */
export function underEngine(title: string, define: () => void): void {
  const reason = whyNot();
  describe(title, function () {
    this.timeout(600_000);
    if (reason === undefined) define();
    else {
      it(`is skipped: ${reason}`, function () {
        this.skip();
      });
    }
  });
}

/** Why the engine cannot run here; undefined when it can. */
function whyNot(): string | undefined {
  const found = spawnSync("pulumi", ["version"], { encoding: "utf8" });
  return found.status === 0
    ? undefined
    : "there is no pulumi command on the PATH (https://www.pulumi.com/docs/install/)";
}

/** A copy of this project with a backend, plugins and a cloud of its own, all in one temporary folder. */
export class EngineProject {
  private readonly home = mkdtempSync(join(tmpdir(), "ecs-delivery-engine-"));
  private readonly cloudPath = join(this.home, "cloud.json");
  private readonly source = join(this.home, "project");

  constructor() {
    mkdirSync(this.source);
    for (const entry of readdirSync(ROOT)) {
      if ([".git", "node_modules", "test"].includes(entry)) continue;
      cpSync(join(ROOT, entry), join(this.source, entry), { recursive: true });
    }
    symlinkSync(join(ROOT, "node_modules"), join(this.source, "node_modules"));
    mkdirSync(join(this.home, "bin"));
    mkdirSync(join(this.home, "state"));
    for (const which of ["aws", "awsx"]) this.writePlugin(which);
  }

  /** The stand-in provider as a plugin that the engine finds on the PATH. */
  private writePlugin(which: string): void {
    const path = join(this.home, "bin", `pulumi-resource-${which}`);
    const [register, main] = [
      join(ROOT, "preview", "register.cjs"),
      join(ROOT, "test", "engine", "standIn", "main.ts"),
    ];
    writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" -r "${register}" "${main}" ${which} "$@"\n`);
    chmodSync(path, 0o755);
  }

  /** A stack of the program, or of an example. */
  stack(stackName: string, folder = "."): Promise<Stack> {
    return LocalWorkspace.createOrSelectStack(
      { stackName, workDir: join(this.source, folder) },
      {
        envVars: {
          PATH: `${join(this.home, "bin")}:${process.env.PATH ?? ""}`,
          PULUMI_HOME: join(this.home, "pulumi"),
          PULUMI_BACKEND_URL: `file://${join(this.home, "state")}`,
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          PULUMI_NODEJS_TRANSPILE_ONLY: "true",
          STAND_IN_CLOUD: this.cloudPath,
        },
      },
    );
  }

  /** These keys in the stack file, and no others; the salt of its secrets stays. */
  configure(stackName: string, config: Readonly<Record<string, string>>): void {
    const path = join(this.source, `Pulumi.${stackName}.yaml`);
    const { encryptionsalt } = parse(readFileSync(path, "utf8")) as { encryptionsalt?: string };
    writeFileSync(path, stringify({ encryptionsalt, config: { "aws:region": "eu-west-1", ...config } }));
  }

  /** A file of the project's copy. */
  write(path: string, text: string): void {
    const file = join(this.source, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** What the cloud and the state are now, to come back to. */
  save(): () => void {
    const copy = mkdtempSync(join(this.home, "saved-"));
    cpSync(join(this.home, "state"), join(copy, "state"), { recursive: true });
    cpSync(this.cloudPath, join(copy, "cloud.json"));
    return () => {
      rmSync(join(this.home, "state"), { recursive: true });
      cpSync(join(copy, "state"), join(this.home, "state"), { recursive: true });
      cpSync(join(copy, "cloud.json"), this.cloudPath);
    };
  }

  /** Nothing is there, and nothing is known of anything. */
  reset(): void {
    rmSync(join(this.home, "state"), { recursive: true });
    mkdirSync(join(this.home, "state"));
    rmSync(this.cloudPath, { force: true });
  }

  /** Changes the cloud behind Pulumi's back. */
  change<T>(by: (cloud: Cloud) => T): T {
    const cloud = readCloud(this.cloudPath);
    const result = by(cloud);
    writeCloud(this.cloudPath, cloud);
    return result;
  }

  get cloud(): Cloud {
    return readCloud(this.cloudPath);
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}
