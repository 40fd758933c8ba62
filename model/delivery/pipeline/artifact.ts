import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What an action leaves, and others read: a folder, wherever it is. */
export interface PlayedArtifact {
  /** The text of a file; undefined where there is none. */
  read(path: string): string | undefined;
  /** Bytes that the whole takes, as far as it matters. */
  readonly bytes: number;
}

/** An artifact of a few texts. */
export class TextArtifact implements PlayedArtifact {
  constructor(private readonly texts: Readonly<Record<string, string>>) {}

  read(path: string): string | undefined {
    return this.texts[path];
  }

  get bytes(): number {
    return Object.values(this.texts).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  }

  /** Writes the texts into a folder. */
  writeTo(folder: string): void {
    for (const [path, text] of Object.entries(this.texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
}
