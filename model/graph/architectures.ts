/** What tells the architectures of an index from one another. */
const BETWEEN = ", ";

/** CPU architectures of an image's platforms; undefined where there are none. */
export function architecturesOf(platforms: string | undefined): string | undefined {
  if (platforms === undefined || platforms === "") return undefined;
  return platforms
    .split(",")
    .map((platform) => (platform.includes("arm64") ? "ARM64" : "X86_64"))
    .join(BETWEEN);
}

/** Whether an image, or an index, has one for a CPU architecture. */
export function isFor(imageArchitecture: string, architecture: string): boolean {
  return imageArchitecture.split(BETWEEN).includes(architecture);
}
