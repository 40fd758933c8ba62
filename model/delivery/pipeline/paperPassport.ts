import { passportBeside, passportText, readPassport } from "../../../components/images/passport";
import { mapOf, mapsOf, textOf, type Values } from "../../graph/read";
import { AwsError } from "../awsError";

/** Calls AWS in a role. */
export type Api = (service: string, operation: string, input: Values) => Values;

/** A build that has to do with passports. */
interface PassportBuild {
  readonly env: Readonly<Record<string, string>>;
  /** Calls of the build, in whatever role it acts. */
  readonly api: Api;
  /** The same in its own role. */
  readonly own: Api;
  /** Name of the pipeline. */
  readonly pipeline: string;
}

/** What `write_passport` of `passport.sh` does, call by call. */
export function writePassportOnPaper(
  build: PassportBuild,
  record: string,
  step: "delivered" | "passed",
  image: string,
) {
  const { env, api, own, pipeline } = build;
  const name = passportBeside(record);
  const run = runOnPaper(build);
  const before = readPassport(textOf(mapOf(api("ssm", "GetParameter", { name }).Parameter).Value) ?? "");
  const facts = {
    image,
    commit: env.COMMIT_ID ?? "",
    stack: env.PASSPORT_STACK ?? "",
    service: serviceOf(name),
    step,
    pipeline,
    execution: env.EXECUTION_ID ?? "unknown",
    at: "",
    tests: run.tests,
    scan: env.SCAN_RESULT ?? "",
    approvedBy: run.approvedBy,
    previous: "passport" in before ? before.passport.sha256 : "none",
  };
  const sign = (hash: string) => textOf(own("kms", "Sign", signed(env, hash)).Signature) ?? "";
  const value = passportText(facts, isSigned(env) ? sign : undefined);
  api("ssm", "PutParameter", { name, value, overwrite: true });
}

/** What `expect_passport` of `promote-image.sh` does; what is wrong, if anything is. */
export function wrongOnPaper({ env, api, own }: PassportBuild, image: string): string | undefined {
  const name = passportBeside(env.PASSED_IMAGE_PARAMETER ?? "");
  const texts = mapsOf(api("ssm", "GetParameterHistory", { name }).Parameters).map(({ Value }) => textOf(Value) ?? "");
  const found = texts.filter((text) => text.includes(`"image":"${image}"`) && text.includes('"step":"passed"')).at(-1);
  if (found === undefined) return `${image} has no passport`;
  const read = readPassport(found);
  if ("wrong" in read) return `the passport of ${image}: ${read.wrong}`;
  const { commit, stack, service, sha256, signature } = read.passport;
  if (commit !== env.COMMIT_ID || stack !== env.PASSPORT_STACK || service !== serviceOf(name))
    return `the passport of ${image} is of another delivery`;
  if (!isSigned(env)) return undefined;
  if (signature === undefined) return `the passport of ${image} has no signature`;
  try {
    own("kms", "Verify", { ...signed(env, sha256), signature });
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `the key does not confirm the signature of the passport of ${image}`;
    throw error;
  }
}

function serviceOf(name: string): string {
  return name.split("/").at(-2) ?? "";
}

/** Whether a build signs, or asks for signatures. */
export function isSigned(env: Readonly<Record<string, string>>): boolean {
  return (env.PASSPORT_KEY ?? "") !== "";
}

function signed(env: Readonly<Record<string, string>>, hash: string): Values {
  const key = env.PASSPORT_KEY ?? "";
  return {
    keyId: key,
    region: key.split(":")[3],
    messageType: "RAW",
    message: Buffer.from(hash).toString("base64"),
    signingAlgorithm: env.PASSPORT_ALGORITHM,
  };
}

function runOnPaper({ env, own, pipeline }: PassportBuild) {
  const { WORKFLOW_NAME: workflow = "", TESTS_PASSED: passed = "" } = env;
  if (workflow !== "") return { tests: passed === "" ? "unknown" : passed.split(" "), approvedBy: "unknown" };
  try {
    const filter = `pipelineExecutionId=${env.EXECUTION_ID ?? ""}`;
    const answer = own("codepipeline", "ListActionExecutions", { pipelineName: pipeline, filter });
    const acted = mapsOf(answer.actionExecutionDetails);
    const of = (category: string, key: string) => [
      ...new Set(
        acted
          .filter(({ input }) => mapOf(mapOf(input).actionTypeId).category === category)
          .map((one) => textOf(one[key]) ?? "unknown"),
      ),
    ];
    return { tests: of("Test", "actionName").sort(), approvedBy: of("Approval", "updatedBy").sort() };
  } catch (error) {
    if (error instanceof AwsError) return { tests: "unknown", approvedBy: "unknown" };
    throw error;
  }
}
