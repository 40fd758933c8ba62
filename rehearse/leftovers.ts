/** What must not stay when a rehearsal ends, however it ends: folders and processes. */
export class Leftovers {
  private readonly cleaners: (() => void)[] = [];
  private readonly onInterrupt = () => this.leave(130);
  private readonly onTerminate = () => this.leave(143);

  /** Cleans up, too, when somebody stops the program. */
  watch(): void {
    process.once("SIGINT", this.onInterrupt);
    process.once("SIGTERM", this.onTerminate);
  }

  /** Remembers how to take something away. */
  add(clean: () => void): void {
    this.cleaners.push(clean);
  }

  /** Takes everything away, the last thing first. */
  clean(): void {
    process.off("SIGINT", this.onInterrupt);
    process.off("SIGTERM", this.onTerminate);
    for (const clean of this.cleaners.splice(0).reverse()) clean();
  }

  private leave(code: number): never {
    this.clean();
    process.exit(code);
  }
}
