import { gunzipSync, gzipSync, strFromU8, strToU8 } from "fflate";

/** Characters that CodeBuild takes as the buildspec of a project. It names the number when it refuses more; no page does. */
export const BUILDSPEC_MAX = 25_600;

/**
 * Commands for a script that is too long for a buildspec: it stands there packed, and is run as a file of its own. CodeBuild
 * and CodePipeline show the command that failed, which here is one line that says where to look. Packed by a library and not
 * by Node.js, whose bytes differ between versions and processors: an update would find a change where there is none.
 */
export function packedCommands(file: string, script: string, whenItFails: string): readonly string[] {
  return [`base64 -d <<'END' | gzip -d >${file}\n${pack(`${script}\n`)}\nEND`, `bash ${file} # ${whenItFails}`];
}

/** A service's script is every service's. */
const known = new Map<string, string>();

function pack(script: string): string {
  const packed = known.get(script) ?? Buffer.from(gzipSync(strToU8(script), { level: 9, mtime: 0 })).toString("base64");
  known.set(script, packed);
  return packed;
}

function unpack(packed: string): string {
  return strFromU8(gunzipSync(Buffer.from(packed, "base64")));
}

/** A buildspec with its scripts as they are run, to be read and not to be run. */
export function unpacked(buildspec: string): string {
  return buildspec.replace(/base64 -d <<'END' \| gzip -d >[\w.-]+\\n([A-Za-z0-9+/=]+)\\nEND/g, (_, packed: string) =>
    JSON.stringify(unpack(packed)).slice(1, -1),
  );
}

/** Commands of a buildspec with a packed script in the place of the two that unpack and run it: where no limit asks for that. */
export function unpackedCommands(commands: readonly string[]): readonly string[] {
  return commands.flatMap((command) => {
    const [, packed] = /^base64 -d <<'END' \| gzip -d >[\w.-]+\n([A-Za-z0-9+/=]+)\nEND$/.exec(command) ?? [];
    if (packed !== undefined) return [unpack(packed).trimEnd()];
    return commands.some((one) => one.startsWith("base64 -d <<'END'") && runs(command, one)) ? [] : [command];
  });
}

function runs(command: string, packed: string): boolean {
  const [, file = ""] = /gzip -d >([\w.-]+)\n/.exec(packed) ?? [];
  return command.startsWith(`bash ${file} #`);
}
