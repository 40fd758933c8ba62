import { type Day, type DayRun, WAITS, type WaitFor } from "../../model/scale/day";

/** The mean of numbers; 0 of none. */
export function meanOf(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/** The number that so large a share of numbers is not above; 0 of none. */
export function percentileOf(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Seconds as a person reads them: `40 s`, `12 min`, `3.5 h`. */
export function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 360) / 10} h`;
}

/** What some of a day's runs came to. */
export interface RunFigures {
  readonly pushes: number;
  readonly delivered: number;
  readonly superseded: number;
  readonly refused: number;
  /** Seconds from push to end, of what was delivered. */
  readonly median: number;
  readonly slow: number;
  readonly waits: readonly { readonly what: WaitFor; readonly mean: number; readonly slow: number }[];
  readonly dollars: number;
}

/** Figures of some of a day's runs. */
export function figuresOfRuns(runs: readonly DayRun[]): RunFigures {
  const of = (status: DayRun["status"]) => runs.filter((run) => run.status === status);
  const delivered = of("Succeeded");
  const seconds = delivered.map((run) => run.seconds);
  return {
    pushes: runs.length,
    delivered: delivered.length,
    superseded: of("Superseded").length,
    refused: of("Refused").length,
    median: percentileOf(seconds, 0.5),
    slow: percentileOf(seconds, 0.95),
    waits: WAITS.map((what) => {
      const waited = runs.map((run) => run.waited[what]);
      return { what, mean: meanOf(waited), slow: percentileOf(waited, 0.95) };
    }),
    dollars: runs.reduce((sum, run) => sum + run.dollars, 0),
  };
}

/** What is waited for longest, on average; nothing where that is less than five seconds. */
export function longestWait({ waits }: RunFigures): WaitFor | undefined {
  const [longest] = [...waits].sort((one, other) => other.mean - one.mean);
  return longest && longest.mean >= 5 ? longest.what : undefined;
}

/** How full the machines of an account were on a day. */
export function machineFigures({ machines }: Day, account: string) {
  const own = machines.filter((one) => one.account === account);
  const waits = own.flatMap((one) => one.waits);
  return {
    atOnce: Math.max(0, ...own.map(({ mostAtOnce }) => mostAtOnce)),
    queued: Math.max(0, ...own.map(({ mostQueued }) => mostQueued)),
    mean: meanOf(waits),
    slow: percentileOf(waits, 0.95),
  };
}
