import type { Prices } from "./prices";

/** GiB of storage that a task has without asking for more. */
export const FREE_STORAGE_GIB = 20;

/** What a task on Fargate is paid by. */
export interface TaskSize {
  /** CPU units, 1024 = 1 vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  readonly cpuArchitecture: "X86_64" | "ARM64";
  /** GiB, those that are included among them. @default 20 */
  readonly ephemeralStorageGiB?: number | undefined;
}

/** US dollars that a task on Fargate costs an hour on demand; nothing where a price of it is not known. */
export function taskHourPrice(prices: Prices | undefined, size: TaskSize): number | undefined {
  if (!prices) return undefined;
  const { cpu, memory, cpuArchitecture, ephemeralStorageGiB = FREE_STORAGE_GIB } = size;
  const isArm = cpuArchitecture === "ARM64";
  const [vcpu, gib] = isArm ? [prices.armVcpuHour, prices.armGibHour] : [prices.vcpuHour, prices.gibHour];
  const above = Math.max(0, ephemeralStorageGiB - FREE_STORAGE_GIB);
  const storage = above === 0 ? 0 : prices.storageGibHour;
  if (vcpu === undefined || gib === undefined || storage === undefined) return undefined;
  return (cpu / 1024) * vcpu + (memory / 1024) * gib + above * storage;
}
