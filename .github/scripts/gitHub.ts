import { z } from "zod";
import { needed, type Surroundings } from "./run";

/** Who writes what a workflow's own token writes. */
const AUTHOR = "github-actions[bot]";

const PAGE = 100;

const comments = z.array(
  z.object({ id: z.number(), body: z.string().nullish(), user: z.object({ login: z.string() }).nullish() }),
);

/** The API of one repository. */
export class GitHub {
  private readonly token: string;
  private readonly url: string;

  constructor(surroundings: Surroundings) {
    this.token = needed(surroundings, "GITHUB_TOKEN");
    this.url = `${needed(surroundings, "GITHUB_API_URL")}/repos/${needed(surroundings, "GITHUB_REPOSITORY")}`;
  }

  /** Asks, and gives the answer if it has the form that is expected. */
  get<T extends z.ZodType>(path: string, form: T): Promise<z.output<T>> {
    return this.send("GET", path, form);
  }

  /** Puts the one comment that begins with `heading` on a pull request, in place of the last one if there is one. */
  async comment(number: number, heading: string, body: string): Promise<void> {
    const last = await this.commentWith(number, heading);
    const text = { body: `${heading}\n${body}` };
    if (last === undefined) await this.send("POST", `/issues/${number}/comments`, z.unknown(), text);
    else await this.send("PATCH", `/issues/comments/${last}`, z.unknown(), text);
  }

  private async commentWith(number: number, heading: string): Promise<number | undefined> {
    for (let page = 1; ; page++) {
      const found = await this.get(`/issues/${number}/comments?per_page=${PAGE}&page=${page}`, comments);
      const own = found.find(({ body, user }) => user?.login === AUTHOR && body?.split(/\r?\n/)[0] === heading);
      if (own || found.length < PAGE) return own?.id;
    }
  }

  private async send<T extends z.ZodType>(method: string, path: string, form: T, body?: object): Promise<z.output<T>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.token}`,
        "x-github-api-version": "2022-11-28",
      },
      body: body ? JSON.stringify(body) : undefined,
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return form.parse(await response.json());
  }
}
