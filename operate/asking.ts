import type { AwsCalls } from "./cloud";

/** Nothing can be asked of AWS: no credentials, or no way there. The message says what to do. */
export class CannotAskError extends Error {
  override readonly name = "CannotAskError";
}

/** What a call came to. */
export type Answered<T> =
  | { readonly is: "there"; readonly value: T }
  | { readonly is: "missing" }
  | { readonly is: "refused"; readonly why: string };

/** The permission of IAM that each call needs. */
const PERMISSIONS: Readonly<Record<keyof AwsCalls, string>> = {
  describeServices: "ecs:DescribeServices",
  listServiceDeployments: "ecs:ListServiceDeployments",
  describeServiceDeployments: "ecs:DescribeServiceDeployments",
  describeTaskDefinition: "ecs:DescribeTaskDefinition",
  listTasks: "ecs:ListTasks",
  describeTasks: "ecs:DescribeTasks",
  getPipelineState: "codepipeline:GetPipelineState",
  listPipelineExecutions: "codepipeline:ListPipelineExecutions",
  rollbackStage: "codepipeline:RollbackStage",
  describeTargetGroups: "elasticloadbalancing:DescribeTargetGroups",
  describeListeners: "elasticloadbalancing:DescribeListeners",
  describeRules: "elasticloadbalancing:DescribeRules",
  getParameter: "ssm:GetParameter",
  getParameterHistory: "ssm:GetParameterHistory",
  describeAlarms: "cloudwatch:DescribeAlarms",
  getLogEvents: "logs:GetLogEvents",
  filterLogEvents: "logs:FilterLogEvents",
};

/** What AWS calls a thing that is not there. */
const MISSING = /NotFound|DoesNotExist|^ClusterNotFound/;

/** Calls AWS, and says in words what it refused. */
export class Asking {
  readonly #refusals = new Set<string>();

  constructor(
    readonly cloud: AwsCalls,
    readonly region: string | undefined,
  ) {}

  /** What was refused until now, each once. */
  get refusals(): readonly string[] {
    return [...this.#refusals];
  }

  /** What a call answers; refused is what these credentials may not, and what AWS did not answer. */
  async ask<T>(name: keyof AwsCalls, of: string, call: (cloud: AwsCalls) => Promise<T>): Promise<Answered<T>> {
    try {
      return { is: "there", value: await call(this.cloud) };
    } catch (error) {
      const { code, said } = wordsOf(error);
      if (MISSING.test(code)) return { is: "missing" };
      const why = this.#why(name, of, code, said);
      this.#refusals.add(why);
      return { is: "refused", why };
    }
  }

  /** What a call answers, or nothing: what was refused is told at the end. */
  async read<T>(name: keyof AwsCalls, of: string, call: (cloud: AwsCalls) => Promise<T>): Promise<T | undefined> {
    const asked = await this.ask(name, of, call);
    return asked.is === "there" ? asked.value : undefined;
  }

  #why(name: keyof AwsCalls, of: string, code: string, said: string): string {
    const permission = PERMISSIONS[name];
    const place = this.region ?? "the region of your credentials";
    if (/AccessDenied|UnauthorizedOperation|NotAuthorized|not authorized to perform/.test(`${code} ${said}`)) {
      const who = /User: (\S+) is not authorized/.exec(said)?.[1];
      const account = who && /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(who)?.[1];
      const denied = /explicit deny/.test(said) ? "; a policy denies it" : "";
      const in_ = account ? `${place}, account ${account}` : place;
      return `${of}: ${who ?? "your credentials"} may not ${permission} (${in_})${denied}`;
    }
    const last = cannotAsk(code, said, place);
    if (last !== undefined) throw new CannotAskError(last);
    // A page of HTML, for example, where JSON is meant.
    const by = code === "SyntaxError" ? " by AWS, but by something between, a proxy perhaps" : "";
    return `${of}: ${permission} in ${place} was not answered${by}: ${[code, said].filter(Boolean).join(": ")}`;
  }
}

/** What to do where no call can come through at all. */
function cannotAsk(code: string, said: string, place: string): string | undefined {
  if (/^(ExpiredToken|ExpiredTokenException|RequestExpired|TokenRefreshRequired)$/.test(code) || /expired/i.test(said))
    return "your credentials have expired: log in again, for example by aws sso login";
  if (/InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|SignatureDoesNotMatch|AuthFailure/.test(code))
    return `AWS does not know your credentials in ${place} (${code}): log in, for example by aws sso login, and name the profile in AWS_PROFILE`;
  if (/CredentialsProviderError|TokenProviderError/.test(code) || /Could not load credentials/.test(said))
    return `no credentials for AWS: log in, for example by aws sso login, and name the profile in AWS_PROFILE (${said})`;
  if (/Region is missing/.test(said)) return "no region: set aws:region in the stack file, or AWS_REGION";
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|TimeoutError/.test(`${code} ${said}`))
    return `AWS cannot be reached in ${place}: ${said || code}`;
  return undefined;
}

/** The code and the text of an error, whatever threw it. */
function wordsOf(error: unknown): { readonly code: string; readonly said: string } {
  if (!(error instanceof Error)) return { code: "", said: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : error.name;
  return { code, said: error.message.split("\n")[0] ?? "" };
}
