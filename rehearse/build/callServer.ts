import { execFileSync } from "node:child_process";
import { closeSync, constants, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";

/** A call of a stand-in. */
export interface StandInCall {
  /** `aws`, `docker`, ... */
  readonly command: string;
  readonly argv: readonly string[];
  /** What was piped into it. */
  readonly stdin: string;
  readonly profile: string;
  readonly configFile: string;
  readonly region: string;
  readonly folder: string;
}

/** What a stand-in prints, and how it ends. */
export interface Reply {
  readonly status: number;
  readonly out?: string;
  readonly err?: string;
}

/** What writing to somebody who is gone ends with. */
const GONE = ["ENXIO", "ENOENT", "EPIPE"];

/** Hears what stand-ins in a folder are called with, and answers; ends with `close`. */
export class CallServer {
  private readonly socket: Socket;
  private rest = "";

  constructor(
    private readonly folder: string,
    private readonly answer: (call: StandInCall) => Promise<Reply>,
    private readonly fail: (error: unknown) => void,
  ) {
    const requests = join(folder, "requests");
    execFileSync("mkfifo", [requests]);
    // Both ways, so that it stays open when nobody writes.
    const fd = openSync(requests, constants.O_RDWR | constants.O_NONBLOCK);
    this.socket = new Socket({ fd, readable: true, writable: false });
    this.socket.on("data", (data) => this.hear(data.toString()));
    this.socket.on("error", fail);
  }

  close(): void {
    this.socket.destroy();
  }

  private hear(text: string): void {
    const lines = (this.rest + text).split("\n");
    this.rest = lines.pop() ?? "";
    for (const id of lines) void this.reply(id);
  }

  private async reply(id: string): Promise<void> {
    try {
      const { status, out = "", err = "" } = await this.answer(this.callOf(id));
      writeFileSync(join(this.folder, `${id}.out`), out);
      writeFileSync(join(this.folder, `${id}.err`), err);
      const fd = openSync(join(this.folder, `${id}.reply`), constants.O_WRONLY | constants.O_NONBLOCK);
      writeSync(fd, `${status}\n`);
      closeSync(fd);
    } catch (error) {
      // A build that was stopped has nobody left who reads.
      if (error instanceof Error && "code" in error && GONE.includes(String(error.code))) return;
      this.fail(error);
    }
  }

  private callOf(id: string): StandInCall {
    const words = readFileSync(join(this.folder, `${id}.call`), "utf8")
      .split("\0")
      .slice(0, -1);
    const [command = "", profile = "", configFile = "", region = "", folder = "", ...argv] = words;
    const input = join(this.folder, `${id}.in`);
    const stdin = existsSync(input) ? readFileSync(input, "utf8") : "";
    return { command, argv, stdin, profile, configFile, region, folder };
  }
}
