/** Files of one kind in the user's cache folder. */
export interface Shelf {
  /** @default - nothing is kept */
  readonly folder: string | undefined;
  /** Keeps a file, where that can be done. */
  readonly keep: (file: string, data: string | Uint8Array) => void;
}

/** A folder for so many files at most; all are forgotten when there are more. */
export function shelf(name: string, most: number): Shelf;
/** The user's cache folder. @default - nothing is kept */
export const folder: string | undefined;
