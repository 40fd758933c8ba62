/** Something that goes wrong on purpose: where, and how. */
export interface Fault {
  /** Name of an action, or of a service. */
  readonly step: string;
  /** For example `fails`, `unhealthy`, `refused:docker push`. */
  readonly how: string;
}

/** What goes wrong in a rehearsal; each thing once. */
export class Faults {
  private readonly left: Fault[];
  /** What has gone wrong so far. */
  readonly happened: Fault[] = [];

  constructor(faults: readonly Fault[] = []) {
    this.left = [...faults];
  }

  /** Whether a step goes wrong in this way now; it does so once. */
  take(step: string, how: string): boolean {
    return this.takeWhere(step, (one) => one === how) !== undefined;
  }

  /** In which of several ways a step goes wrong now; it does so once. */
  takeWhere(step: string, which: (how: string) => boolean): string | undefined {
    const index = this.left.findIndex((fault) => fault.step === step && which(fault.how));
    const [fault] = index < 0 ? [] : this.left.splice(index, 1);
    if (fault) this.happened.push(fault);
    return fault?.how;
  }

  /** What has gone wrong with a step goes wrong once more. */
  again(step: string): void {
    this.left.push(...this.happened.filter((fault) => fault.step === step));
  }

  /** What was asked for and did not happen: the run never got there. */
  get missed(): readonly Fault[] {
    return this.left.filter((fault) => !this.happened.includes(fault));
  }
}
