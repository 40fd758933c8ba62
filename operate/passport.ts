import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { environmentNameIn } from "../components/checks/names";
import { type Passport, passportParameter, readPassport } from "../components/images/passport";
import { jsonOf } from "../model/graph/read";
import { chooseStacks, UsageError } from "../preview/arguments";
import { listStacks, readProject, readStackConfig, StackFileError } from "../preview/record/stackFile";
import { PASSPORT } from "../stacks/config/delivery";
import { serviceNameIn } from "../stacks/names";
import { type AwsCli, awsCli } from "./awsCli";

/** What `--help` prints. */
const HELP = `Prints the passports of images that were delivered, and says whether they are as they were written.

  npm run passport -- prod                  the newest of every service
  npm run passport -- prod api              of one service, or several
  npm run passport -- prod api --history    all that are kept, the newest first, each with the one before it
  npm run --silent passport -- prod --json  as JSON, one line each
  npm run passport -- --help

It reads SSM parameters (ssm:GetParameterHistory) and, where the stack file names a signingKey, asks that key (kms:Verify), by
the AWS command line and with your own credentials. It changes nothing.

Exit code: 0 all are whole, 1 one is not or cannot be read, 2 a wrong argument.`;

/** Where it writes to, and how it calls AWS. */
export interface PassportStreams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly aws: AwsCli;
}

/** The fields of a stack file that say where passports are. */
const SERVICES = z.array(
  z.looseObject({ name: z.string(), imageOf: z.string().optional(), service: z.unknown().optional() }),
);
const SIGNED = z.looseObject({
  signingKey: z.looseObject({ existing: z.string() }).optional(),
  algorithm: z.string().optional(),
});

interface Asked {
  readonly region: string | undefined;
  readonly key: string | undefined;
  readonly algorithm: string;
  readonly history: boolean;
  readonly json: boolean;
}

/** Prints passports, and gives the exit code. */
export function main(argv: readonly string[], streams = terminal(), root = resolve(__dirname, "..")): number {
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...argv],
      options: { history: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
      strict: false,
      tokens: true,
    });
    const unknown = tokens.find(({ kind, ...token }) => kind === "option" && !("name" in token && known(token.name)));
    if (unknown && "rawName" in unknown)
      throw new UsageError(`unknown option ${unknown.rawName}; options are --history, --json and --help`);
    if (values.help === true) {
      streams.out(HELP);
      return 0;
    }
    const [stack, ...services] = positionals;
    if (stack === undefined)
      throw new UsageError(
        `name a stack, for example npm run passport -- prod; stacks are ${listStacks(root).join(", ")}`,
      );
    chooseStacks([stack], listStacks(root), root);
    const asks = { history: values.history === true, json: values.json === true };
    return passports(stack, services, asks, streams, root);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof StackFileError)) throw error;
    streams.err(error.message);
    return error instanceof UsageError ? 2 : 1;
  }
}

function known(name: string): boolean {
  return ["history", "json", "help", "h"].includes(name);
}

function passports(
  stack: string,
  wanted: readonly string[],
  asks: Pick<Asked, "history" | "json">,
  streams: PassportStreams,
  root: string,
): number {
  const project = readProject(root).name;
  const config = readStackConfig(root, project, stack);
  const environment = environmentNameIn(stack, config[`${project}:project`]);
  const there = SERVICES.safeParse(jsonOf(config[`${project}:services`]));
  const names = there.success ? there.data.map(({ name }) => name) : [];
  const missing = wanted.find((name) => !names.includes(name));
  if (missing !== undefined)
    throw new UsageError(
      `Pulumi.${stack}.yaml has no service "${missing}"; services are ${names.join(", ") || "none"}`,
    );
  const signed = SIGNED.safeParse(jsonOf(config[`${project}:passport`])).data;
  const asked: Asked = {
    region: config["aws:region"],
    key: signed?.signingKey?.existing,
    algorithm: signed?.algorithm ?? PASSPORT.algorithm.fallback,
    history: asks.history,
    json: asks.json,
  };
  // An image has one passport, whoever runs it.
  const builderOf = (name: string) => there.data?.find((one) => one.name === name)?.imageOf ?? name;
  const builders = new Set((wanted.length > 0 ? wanted : names).map(builderOf));
  const good = [...builders].map((name) => service({ stack, environment }, name, asked, streams));
  return good.every(Boolean) ? 0 : 1;
}

/** Prints the passports of a service; whether all that it printed are whole. */
function service(
  { stack, environment }: { readonly stack: string; readonly environment: string },
  name: string,
  asked: Asked,
  { out, err, aws }: PassportStreams,
): boolean {
  const parameter = passportParameter(serviceNameIn(environment, name));
  const region = asked.region === undefined ? [] : ["--region", asked.region];
  const reply = aws(["ssm", "get-parameter-history", "--name", parameter, ...region, "--output", "json"]);
  if (reply.status !== 0) {
    err(`${stack}/${name}: cannot read SSM parameter ${parameter}: ${whyNot(reply.err, stack)}`);
    return false;
  }
  const versions = HISTORY.safeParse(jsonOf(reply.out));
  if (!versions.success) {
    err(`${stack}/${name}: the AWS command line gave no versions of ${parameter}: ${reply.out.slice(0, 200)}`);
    return false;
  }
  const texts = versions.data.Parameters.sort((one, other) => one.Version - other.Version).map(({ Value }) => Value);
  // What Pulumi makes before anything was delivered.
  const written = texts.filter((text) => text !== "none");
  if (written.length === 0) {
    err(`${stack}/${name}: nothing was delivered yet, so there is no passport`);
    return true;
  }
  const shown = (asked.history ? written.map((_, index) => index) : [written.length - 1]).reverse();
  return shown
    .map((index) => {
      const judged = judge(written, index, texts.length > written.length, { stack: environment, name }, asked, aws);
      out(asked.json ? jsonLine(judged) : lines(`${stack}/${name}`, judged).join("\n"));
      return judged.wrong === undefined;
    })
    .every(Boolean);
}

const HISTORY = z.looseObject({
  Parameters: z.array(z.looseObject({ Version: z.number(), Value: z.string() })),
});

/** The last line of what the AWS command line said, and what to do. */
function whyNot(said: string, stack: string): string {
  if (said.includes("ParameterNotFound"))
    return `there is none; it comes with the next pulumi up --stack ${stack}, and is written by deliveries after that`;
  const last = said.trim().split("\n").at(-1) ?? "";
  return /AccessDenied|not authorized/.test(said)
    ? `${last}; your credentials need ssm:GetParameterHistory on it`
    : last;
}

interface Judged {
  readonly text: string;
  readonly passport: Passport | undefined;
  /** What is wrong with it. @default - nothing */
  readonly wrong: string | undefined;
  readonly signature: string;
}

function judge(
  written: readonly string[],
  index: number,
  fromTheFirst: boolean,
  of: { readonly stack: string; readonly name: string },
  asked: Asked,
  aws: AwsCli,
): Judged {
  const text = written[index] ?? "";
  const read = readPassport(text);
  if ("wrong" in read) return { text, passport: undefined, wrong: read.wrong, signature: "" };
  const { passport } = read;
  const at = serviceNameIn(of.stack, of.name);
  const signature = signatureOf(passport, asked, aws);
  const wrong =
    passport.stack === of.stack && passport.service === at
      ? (signature.wrong ?? brokenChain(written, index, fromTheFirst, passport))
      : `it is of ${passport.service} in stack ${passport.stack}`;
  return { text, passport, wrong, signature: signature.said };
}

/** Each names the one before it; of the oldest that SSM keeps nobody can tell. */
function brokenChain(
  written: readonly string[],
  index: number,
  fromTheFirst: boolean,
  { previous }: Passport,
): string | undefined {
  if (index === 0 && !fromTheFirst) return undefined;
  const before = index === 0 ? undefined : readPassport(written[index - 1] ?? "");
  const expected = before && "passport" in before ? before.passport.sha256 : "none";
  return previous === expected ? undefined : `it names ${previous} as the one before it, which is ${expected}`;
}

function signatureOf(
  { sha256, signature }: Passport,
  { key, algorithm }: Asked,
  aws: AwsCli,
): { readonly said: string; readonly wrong?: string } {
  if (key === undefined)
    return {
      said:
        signature === undefined
          ? "none: the stack file names no signingKey"
          : "not asked for: the stack file names no signingKey",
    };
  if (signature === undefined) return { said: "none", wrong: `it has no signature, expected one by ${key}` };
  const folder = mkdtempSync(join(tmpdir(), "passport-"));
  try {
    writeFileSync(join(folder, "message"), sha256);
    writeFileSync(join(folder, "signature"), Buffer.from(signature, "base64"));
    const file = (name: string) => `fileb://${join(folder, name)}`;
    const message = ["--message", file("message"), "--message-type", "RAW", "--signature", file("signature")];
    const place = ["--region", key.split(":")[3] ?? "", "--key-id", key];
    const reply = aws(["kms", "verify", ...place, ...message, "--signing-algorithm", algorithm, "--output", "json"]);
    if (reply.status === 0 && SIGNATURE.safeParse(jsonOf(reply.out)).success) return { said: `confirmed by ${key}` };
    const why = reply.err.includes("KMSInvalidSignature")
      ? "it is not that key's, so somebody else wrote the passport"
      : `the key cannot be asked: ${reply.err.trim().split("\n").at(-1) ?? ""}`;
    return { said: "not confirmed", wrong: `${key} does not confirm the signature: ${why}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const SIGNATURE = z.looseObject({ SignatureValid: z.literal(true) });

function jsonLine({ text, passport, wrong, signature }: Judged): string {
  return JSON.stringify({ whole: wrong === undefined, wrong, signatureSaid: signature, passport: passport ?? text });
}

function lines(of: string, { text, passport, wrong, signature }: Judged): readonly string[] {
  const verdict = wrong === undefined ? "whole" : `NOT AS IT WAS WRITTEN: ${wrong}`;
  if (!passport) return [`${of}  ${verdict}`, `  ${text}`];
  const list = (words: string | readonly string[]) => (typeof words === "string" ? words : words.join(", ") || "none");
  const fields: readonly (readonly [string, string])[] = [
    ["image", passport.image],
    ["commit", passport.commit],
    ["pipeline", `${passport.pipeline}, run ${passport.execution}`],
    ["tests", list(passport.tests)],
    ["scan", passport.scan],
    ["approved by", list(passport.approvedBy)],
    ["sha256", passport.sha256],
    ["before it", passport.previous],
    ["signature", signature],
  ];
  return [
    `${of}  ${passport.step} ${passport.at}  ${verdict}`,
    ...fields.map(([name, value]) => `  ${name.padEnd(12)}${value}`),
  ];
}

function terminal(): PassportStreams {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
    aws: awsCli,
  };
}

if (require.main === module) process.exitCode = main(process.argv.slice(2));
