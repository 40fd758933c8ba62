import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Surroundings } from "../../.github/scripts/run";

/** A comment on a pull request. */
export interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}

/** A repository on GitHub, as far as its comments go. It answers on this machine, and pages lists as GitHub does. */
export class FakeGitHub {
  readonly calls: string[] = [];
  readonly said: string[] = [];
  readonly comments: Comment[] = [];
  /** Answers of `GET /pulls/<number>`. */
  readonly pulls = new Map<string, object>();
  private readonly server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { status, answer } = this.answer(request.method ?? "", request.url ?? "", body);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  /** What a job of this repository sees. */
  job(env: Readonly<Record<string, string>> = {}): Surroundings {
    const { port } = this.server.address() as AddressInfo;
    const own = {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "acme/delivery",
      GITHUB_TOKEN: "token",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_RUN_ID: "7",
    };
    const note = (text: string) => void this.said.push(text);
    return { env: { ...own, ...env }, out: note, err: note };
  }

  private answer(method: string, url: string, body: string): { status: number; answer: unknown } {
    this.calls.push(`${method} ${url}`);
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const path = pathname.replace("/repos/acme/delivery", "");
    const pull = this.pulls.get(path.replace("/pulls/", ""));
    if (path.startsWith("/pulls/")) return pull ? { status: 200, answer: pull } : { status: 404, answer: {} };
    const text = () => (JSON.parse(body) as { body: string }).body;
    if (method === "GET") {
      const [size, page] = [Number(searchParams.get("per_page")), Number(searchParams.get("page"))];
      return { status: 200, answer: this.comments.slice((page - 1) * size, page * size) };
    }
    const id = Number(path.split("/").at(-1));
    const known = this.comments.find((comment) => comment.id === id);
    if (method === "PATCH" && known) known.body = text();
    else this.add(text());
    return { status: known ? 200 : 201, answer: {} };
  }

  add(body: string, login = "github-actions[bot]"): void {
    this.comments.push({ id: this.comments.length + 1, body, user: { login } });
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
