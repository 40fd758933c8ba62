import { existsSync, readFileSync, writeFileSync } from "node:fs";

export type CloudValues = Record<string, unknown>;

/** What exists, by type and id. Task definitions have one entry for each revision. */
export interface Cloud {
  resources: Record<string, CloudValues>;
  /** SSM parameters: a pipeline writes them, too. */
  parameters: Record<string, string>;
  /** Revisions of each family, oldest first. */
  revisions: Record<string, CloudValues[]>;
}

/** Reads the cloud that the stand-in provider keeps in a file; a test may change it behind Pulumi's back. */
export function readCloud(path: string): Cloud {
  if (!existsSync(path)) return { resources: {}, parameters: {}, revisions: {} };
  return JSON.parse(readFileSync(path, "utf8")) as Cloud;
}

export function writeCloud(path: string, cloud: Cloud): void {
  writeFileSync(path, JSON.stringify(cloud));
}
