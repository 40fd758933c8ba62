import type { DocumentStatement } from "./graph";
import { at, list, textAt } from "./read";
import type { Call } from "./shell";

/** An action on a resource, as IAM names both. */
export interface DocumentedNeed {
  readonly action: string;
  readonly resource: string;
}

/** Where a call is made from, unless it says otherwise. */
export interface Caller {
  readonly account: string;
  readonly region: string;
}

/** What a call takes; nothing for calls that AWS does not see. */
export function neededBy(call: Call, { account, region }: Caller): DocumentedNeed[] {
  const { argv } = call;
  const [command, service = "", verb = ""] = argv;
  const after = (flag: string) => argv[argv.indexOf(flag) + 1] ?? "";
  if (command === "docker") return neededByDocker(argv);
  if (command !== "aws") return [];
  if (verb === "get-login-password") return [{ action: "ecr:GetAuthorizationToken", resource: "*" }];
  const words = verb.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const action = `${service}:${words.join("")}`;
  if (service === "ecr") {
    const place = `${after("--region")}:${after("--registry-id")}`;
    return [{ action, resource: `arn:aws:ecr:${place}:repository/${after("--repository-name")}` }];
  }
  const arn = (resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  if (service === "sns") return [{ action, resource: after("--topic-arn") }];
  if (service === "ssm") return [{ action, resource: arn(`parameter${after("--name")}`) }];
  const name = argv.includes("--services") ? after("--services") : after("--service");
  const ofService = argv.includes("--services") || argv.includes("--service");
  return [{ action, resource: ofService ? arn(`service/${after("--cluster")}/${name}`) : "*" }];
}

/** What ECR asks of whoever pushes, or copies, an image. */
function neededByDocker(argv: readonly string[]): DocumentedNeed[] {
  const text = argv.join(" ");
  const [last = ""] = argv.slice(-1);
  if (text.startsWith("docker push ")) return onRepository("ecr:PutImage", last);
  if (!text.startsWith("docker buildx imagetools create ")) return [];
  const target = argv[argv.indexOf("--tag") + 1] ?? "";
  return [
    ...onRepository("ecr:BatchGetImage", last),
    ...onRepository("ecr:GetDownloadUrlForLayer", last),
    ...onRepository("ecr:UploadLayerPart", target),
    ...onRepository("ecr:PutImage", target),
  ];
}

/** An action on the repository of an image; nothing where that is not in ECR. */
export function onRepository(action: string, image: string): DocumentedNeed[] {
  const parts = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([a-z0-9/_.-]+)/.exec(image);
  return parts ? [{ action, resource: `arn:aws:ecr:${parts[2]}:${parts[1]}:repository/${parts[3]}` }] : [];
}

/** Whether statements of a role allow it; conditions are taken to hold. */
export function allows(statements: readonly DocumentStatement[], { action, resource }: DocumentedNeed): boolean {
  return statements.some(
    (statement) =>
      statement.Effect === "Allow" &&
      statement.Action.some((pattern) => like(pattern, action)) &&
      statement.Resource.some((pattern) => like(pattern, resource)),
  );
}

/** Roles that a resource's policy (JSON text) admits, each by what its ARN looks like; to one action or to any. */
export function admitted(policy: unknown, action?: string): string[] {
  return list(at(JSON.parse(textAt(policy) || "{}"), "Statement"))
    .filter((statement) => action === undefined || [at(statement, "Action")].flat().some((one) => one === action))
    .map((statement) => textAt(at(statement, "Condition", "ArnLike", "aws:PrincipalArn")))
    .filter((arn) => arn !== "");
}

/** IAM's wildcards. */
export function like(pattern: string, value: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join(".*")}$`).test(value);
}
