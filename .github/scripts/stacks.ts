import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { listStacks, readStackConfig } from "../../preview/record/stackFile";
import { NAMESPACE } from "../../stacks/config/namespace";
import { job, run, SetUpError, type Surroundings } from "./run";

const ROOT = resolve(__dirname, "..", "..");

const OPTIONS = {
  role: { type: "string" },
  branch: { type: "string" },
  stack: { type: "string" },
  review: { type: "string" },
} as const;

/** What a job needs to know of the stack it runs. */
export interface StackJob {
  readonly stack: string;
  /** As the CLI takes it: with the organization, where there is one. */
  readonly name: string;
  readonly region: string;
  /** Branch of this repository that the stack is updated from. Empty where none is named. */
  readonly branch: string;
  /** ARN of the role that the job runs in. */
  readonly role: string;
}

const roles = z.record(z.string(), z.object({ preview: z.string().optional(), update: z.string().optional() }));

/**
 * Prints the stacks that a workflow runs, as a line for GITHUB_OUTPUT. They are those with a `Pulumi.<stack>.yaml`:
 *
 *   --role preview                     all of them, each with the role that looks
 *   --role update --branch production  those that are updated from a branch
 *   --role update --stack prod         one
 *   --role update --review 42          the review stack of a pull request, in the shape and region of dev
 */
export function main(argv: readonly string[], surroundings = job(), root = ROOT): Promise<number> {
  return run(() => {
    const { values } = parseArgs({ args: [...argv], options: OPTIONS });
    const stacks = chosen(values, root).map((stack) => jobOf(stack, values.role, surroundings, root));
    surroundings.out(`stacks=${JSON.stringify(stacks)}`);
    return 0;
  }, surroundings);
}

/** The review stack of a pull request. */
export function reviewStack(number: string): string {
  if (!/^[1-9]\d{0,8}$/.test(number)) throw new SetUpError(`expected the number of a pull request, got "${number}"`);
  return `pr-${number}`;
}

type Choice = Readonly<Record<"branch" | "stack" | "review", string | undefined>>;

function chosen(choice: Partial<Choice>, root: string): readonly string[] {
  // The template of review stacks, where Pulumi Deployments make them, is no environment.
  const there = listStacks(root).filter((stack) => !/^pr(?:-|$)/.test(stack));
  if (choice.review) return [reviewStack(choice.review)];
  if (choice.stack) {
    if (there.includes(choice.stack)) return [choice.stack];
    throw new SetUpError(`no Pulumi.<stack>.yaml for "${choice.stack}"; stacks are ${there.join(", ")}`);
  }
  if (!choice.branch) return there;
  return there.filter((stack) => setting(stack, `${NAMESPACE}:branch`, root) === choice.branch);
}

function jobOf(stack: string, role: string | undefined, surroundings: Surroundings, root: string): StackJob {
  const { PULUMI_ORGANIZATION: organization } = surroundings.env;
  const review = /^pr-\d+$/.test(stack);
  const file = review ? "dev" : stack;
  const region = setting(file, "aws:region", root);
  if (!region) throw new SetUpError(`Pulumi.${file}.yaml, aws:region: expected a region, it is not set`);
  return {
    stack,
    name: organization ? `${organization}/${stack}` : stack,
    region,
    branch: review ? "" : (setting(stack, `${NAMESPACE}:branch`, root) ?? ""),
    role: roleOf(review ? "review" : stack, role, surroundings),
  };
}

function setting(stack: string, key: string, root: string): string | undefined {
  return readStackConfig(root, NAMESPACE, stack)[key];
}

function roleOf(stack: string, purpose: string | undefined, { env }: Surroundings): string {
  if (purpose !== "preview" && purpose !== "update") throw new SetUpError("--role: expected preview or update");
  const parsed = roles.safeParse(jsonOf(env.AWS_ROLES));
  const role = parsed.data?.[stack]?.[purpose];
  if (role && /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(role)) return role;
  throw new SetUpError(
    [
      `AWS_ROLES: expected JSON with the ARN of a role at ${stack}.${purpose}, there is none`,
      '  gh variable set AWS_ROLES --body "$(pulumi -C deployments/aws stack output roles --json -s main)"',
    ].join("\n"),
  );
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
}
