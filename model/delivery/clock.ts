/** Something that makes whoever waits stop waiting. */
export class Interrupt {
  private said: string | undefined;
  private readonly listeners = new Set<() => void>();

  /** Why, once it has happened. */
  get reason(): string | undefined {
    return this.said;
  }

  /** Happens, for a reason; the first one stays. */
  trip(reason: string): void {
    if (this.said !== undefined) return;
    this.said = reason;
    for (const listener of [...this.listeners]) listener();
  }

  /** Calls back when it happens; gives what takes that back. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * A clock that nobody waits for: it goes on to the next moment that somebody waits for, as soon as everybody waits. What
 * really takes time, such as a script, keeps it where it is.
 */
export class Clock {
  private seconds = 0;
  private busy = 0;
  private order = 0;
  private sleepers: Sleeper[] = [];

  /** Seconds since the start. */
  get now(): number {
    return this.seconds;
  }

  /** Does something by itself, beside what else is done; the clock stands while it works and does not sleep. */
  start<T>(work: () => Promise<T>): Promise<T> {
    this.busy += 1;
    const done = work();
    const end = () => this.rest();
    void done.then(end, end);
    return done;
  }

  /** Sleeps; wakes before the time when interrupted. */
  async sleep(seconds: number, interrupt?: Interrupt): Promise<void> {
    if (interrupt?.reason !== undefined) return;
    await new Promise<void>((resolve) => {
      const forget = interrupt?.listen(() => this.wakeNow(sleeper));
      const sleeper: Sleeper = {
        at: this.seconds + Math.max(0, seconds),
        order: this.order++,
        wake: () => {
          forget?.();
          this.busy += 1;
          resolve();
        },
      };
      this.sleepers.push(sleeper);
      this.rest();
    });
  }

  /** Waits for what someone else does. */
  async join<T>(other: Promise<T>): Promise<T> {
    this.rest();
    try {
      return await other;
    } finally {
      this.busy += 1;
    }
  }

  private wakeNow(sleeper: Sleeper): void {
    if (!this.sleepers.includes(sleeper)) return;
    this.sleepers = this.sleepers.filter((one) => one !== sleeper);
    sleeper.wake();
  }

  private rest(): void {
    this.busy -= 1;
    // Whoever was waited for has ended before: what waits for it goes on first.
    setImmediate(() => this.advance());
  }

  private advance(): void {
    if (this.busy > 0) return;
    const [next] = [...this.sleepers].sort((one, other) => one.at - other.at || one.order - other.order);
    if (!next) return;
    this.seconds = Math.max(this.seconds, next.at);
    this.wakeNow(next);
  }
}
