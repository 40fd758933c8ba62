/** SHA-256 of each source that this process has loaded, by file. */
export const sources: ReadonlyMap<string, string>;
