import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import picomatch from "picomatch";
import { type PlayedArtifact, TextArtifact } from "../../model/delivery/pipeline/artifact";
import type { Artifacts } from "./buildspec";

/** An artifact that is a folder. */
export class FolderArtifact implements PlayedArtifact {
  constructor(readonly folder: string) {}

  read(path: string): string | undefined {
    const file = join(this.folder, path);
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file, "utf8") : undefined;
  }

  get bytes(): number {
    return filesIn(this.folder).reduce((sum, file) => sum + statSync(join(this.folder, file)).size, 0);
  }
}

/** Unpacks an artifact into a folder. */
export function unpack(artifact: PlayedArtifact, folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (artifact instanceof FolderArtifact) {
    cpSync(artifact.folder, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
    return;
  }
  if (artifact instanceof TextArtifact) artifact.writeTo(folder);
}

/** All files of a folder, as paths with slashes. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join("/"),
    );
}

/**
 * Packs what a buildspec says into a folder of its own; gives the patterns that no file matches, which fail a build.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.artifacts.files
 */
export function pack(
  source: string,
  { files, baseDirectory, discardPaths }: Artifacts,
  folder: string,
): readonly string[] {
  const base = join(source, baseDirectory);
  if (!existsSync(base)) return [baseDirectory];
  const there = filesIn(base);
  const missing: string[] = [];
  mkdirSync(folder, { recursive: true });
  for (const pattern of files) {
    const clean = pattern.replace(/^\.\//, "");
    const found = there.filter((file) => file === clean || picomatch.isMatch(file, clean, { dot: true }));
    if (found.length === 0) missing.push(pattern);
    for (const file of found) {
      const target = join(folder, discardPaths ? (file.split("/").at(-1) ?? file) : file);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(base, file), target);
    }
  }
  return missing;
}
