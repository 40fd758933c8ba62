/** How something ended. */
export type Result = "good" | "bad" | "waiting" | "note";

/** One line of what happened. */
export interface TimelineMoment {
  /** Seconds since the start. */
  readonly at: number;
  /** Where: a stage and action, a service, a topic. */
  readonly where: string;
  readonly what: string;
  readonly result: Result;
  /** Name or ARN of the role it was done in. @default - nobody's */
  readonly role?: string;
  /** Shares of production's traffic that the new and the old version get, 0 to 1, where that has changed. */
  readonly traffic?: { readonly fresh: number; readonly old: number };
  /** Further lines: what a script printed, a message as it is sent. */
  readonly detail?: readonly string[];
}

/** What happened, in order. */
export class Timeline {
  readonly moments: TimelineMoment[] = [];

  constructor(
    private readonly now: () => number,
    private readonly onMoment: (moment: TimelineMoment) => void = () => undefined,
  ) {}

  /** Notes something. */
  add(where: string, what: string, result: Result = "good", more: Partial<TimelineMoment> = {}): void {
    const moment = { at: this.now(), where, what, result, ...more };
    this.moments.push(moment);
    this.onMoment(moment);
  }
}

/** Where something happened, as a person reads it: `dev-delivery › Build › api-image`. */
export function placeInWords(where: string): string {
  return where.replace(/, stage ([^,]+), action (.+)$/, " › $1 › $2").replace(/, stage (.+)$/, " › $1");
}
