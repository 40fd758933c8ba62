import assert from "node:assert/strict";
import { Clock, Interrupt } from "../../../model/delivery/clock";

describe("the clock of a rehearsal", () => {
  it("goes on by itself, in the order of what is waited for", async () => {
    const clock = new Clock();
    const seen: string[] = [];
    const after = (seconds: number, what: string) =>
      clock.start(async () => {
        await clock.sleep(seconds);
        seen.push(`${clock.now} ${what}`);
      });
    await clock.start(async () => {
      await clock.join(Promise.all([after(3600, "late"), after(60, "soon"), after(60, "then")]));
    });
    assert.deepEqual(seen, ["60 soon", "60 then", "3600 late"]);
  });

  it("stands while something really takes time", async () => {
    const clock = new Clock();
    let at = -1;
    await clock.start(async () => {
      const slow = clock.start(async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        at = clock.now;
      });
      const other = clock.start(() => clock.sleep(1000));
      await clock.join(Promise.all([slow, other]));
    });
    assert.deepEqual([at, clock.now], [0, 1000]);
  });

  it("wakes who is interrupted at once, and lets nobody sleep on what has happened", async () => {
    const clock = new Clock();
    const interrupt = new Interrupt();
    await clock.start(async () => {
      const sleeper = clock.start(() => clock.sleep(1000, interrupt));
      const other = clock.start(async () => {
        await clock.sleep(10);
        interrupt.trip("enough");
        interrupt.trip("more");
      });
      await clock.join(Promise.all([sleeper, other]));
      assert.equal(clock.now, 10);
      await clock.sleep(1000, interrupt);
      assert.equal(clock.now, 10);
    });
    assert.equal(interrupt.reason, "enough");
  });
});
