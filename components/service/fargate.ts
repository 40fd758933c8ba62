/**
 * Memory sizes in MiB that Fargate takes, by CPU units.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const FARGATE_MEMORY_MIB: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: steps(1024, 4096, 1024),
  1024: steps(2048, 8192, 1024),
  2048: steps(4096, 16_384, 1024),
  4096: steps(8192, 30_720, 1024),
  8192: steps(16_384, 61_440, 4096),
  16384: steps(32_768, 122_880, 8192),
  32768: [61_440, 122_880, 249_856],
};

/** CPU units that Fargate takes. */
export const FARGATE_CPU = Object.keys(FARGATE_MEMORY_MIB).map(Number);

/** MiB that a JVM needs to start before its health check gives up; any Fargate CPU size goes with it. */
export const JVM_MINIMUM_MEMORY = 1024;

/** Seconds that a JVM is given to start. */
export const JVM_GRACE_PERIOD_SECONDS = 120;

function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);
}

/** The memory sizes that go with a CPU size, in words. */
export function fargateMemoryFor(cpu: number): string {
  return sizesInWords(FARGATE_MEMORY_MIB[cpu] ?? []);
}

/** Why a pair of CPU units and MiB is no Fargate size; undefined when it is one. */
export function fargateSizeProblem(cpu: number, memory: number): string | undefined {
  const sizes = FARGATE_MEMORY_MIB[cpu];
  if (!sizes) return `cpu ${cpu} is no Fargate size; use ${FARGATE_CPU.join(", ")}`;
  if (sizes.includes(memory)) return undefined;
  return `memory ${memory} MiB does not go with cpu ${cpu}; use ${sizesInWords(sizes)}`;
}

/** The memory nearest to the one asked for that goes with this CPU. */
export function nearestFargateMemory(cpu: number, memory: number): number {
  const sizes = FARGATE_MEMORY_MIB[cpu] ?? [memory];
  return sizes.find((size) => size >= memory) ?? sizes[sizes.length - 1] ?? memory;
}

/** The CPU units nearest to the ones asked for. */
export function nearestFargateCpu(cpu: number): number {
  return FARGATE_CPU.find((units) => units >= cpu) ?? FARGATE_CPU[FARGATE_CPU.length - 1] ?? cpu;
}

function sizesInWords(sizes: readonly number[]): string {
  return sizes.length <= 4 ? sizes.join(", ") : `${sizes.slice(0, 2).join(", ")} ... ${sizes[sizes.length - 1] ?? ""}`;
}

/** Whether tasks run on Fargate: anything else names one of the cluster's own capacity providers. */
export function isFargate(capacityProvider = "FARGATE"): boolean {
  return capacityProvider === "FARGATE" || capacityProvider === "FARGATE_SPOT";
}
