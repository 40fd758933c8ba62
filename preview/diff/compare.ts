import { isDeepStrictEqual } from "node:util";
import { type Finding, worstFirst } from "../../model/graph/graph";
import { textOf } from "../../model/graph/read";
import { type Difference, differences } from "../../model/update/differences";
import { lookAhead } from "../../model/update/lookAhead";
import { pairUp } from "../../model/update/pairs";
import type { StackResult } from "../record/runStack";
import type { Against, StackChange } from "./change";
import { withKeptNames } from "./keptNames";
import { openingChanges } from "./openings";
import { permissionChanges } from "./permissions";
import { resourceChanges } from "./resources";

/** What is not as it was in a stack. Undefined where it cannot be previewed now: then that is what there is to say. */
export function compareStacks(
  against: Against,
  before: StackResult | undefined,
  after: StackResult | undefined,
): StackChange | undefined {
  if (!after) return { ...unchanged(against), only: "there" };
  if (!before) return { ...unchanged(against), only: "here" };
  if (!after.graph) return undefined;
  const { graph: old } = before;
  if (!old) return { ...unchanged(against), failure: before.findings.map(({ message }) => message).join("\n") };
  const provider = differences(before.provider, after.provider);
  const moved = provider.find(({ path }) => path === '["aws:region"]' || path === "aws:region");
  if (moved) return { ...unchanged(against), ...otherRegion(moved), provider, summary: true };
  const graph = withKeptNames(old, after.graph);
  const paired = pairUp(old, graph);
  const outlook = lookAhead(old, graph);
  return {
    against,
    update: outlook.sentences,
    summary: outlook.identity ? true : undefined,
    provider,
    resources: resourceChanges(paired),
    permissions: permissionChanges(old, graph, paired),
    openings: openingChanges(old, graph, paired),
    findings: {
      new: worstFirst([
        ...provider.flatMap(otherAccount),
        ...outlook.findings,
        ...without(after.findings, before.findings),
      ]),
      gone: without(before.findings, after.findings),
    },
    outputs: differences(old.stackOutputs, graph.stackOutputs),
  };
}

function unchanged(against: Against): StackChange {
  const none = { widened: [], narrowed: [] };
  return {
    against,
    update: [],
    provider: [],
    resources: [],
    permissions: [],
    openings: none,
    outputs: [],
    findings: { new: [], gone: [] },
  };
}

/** A region is where everything is: in another one, everything is made anew. */
function otherRegion({ before, after }: Difference): Pick<StackChange, "update" | "findings"> {
  const [was, is] = [textOf(before) ?? "the default region", textOf(after) ?? "the default region"];
  const finding: Finding = {
    level: "error",
    rule: "region-changed",
    message: `aws:region: from ${was} to ${is}, everything is made anew, and what is in ${was} is deleted or left behind; a region is another stack`,
    steps: [
      `pulumi stack init for ${is}, with a stack file of its own`,
      "deliver to it, and try it at its own address",
      "point users there (DNS)",
      "pulumi destroy here",
    ],
  };
  return {
    update: [`everything: ${was} to ${is}, which is another environment`],
    findings: { new: [finding], gone: [] },
  };
}

/** Settings of the provider that decide in which account it works. */
const ACCOUNT = /^(?:\["|)aws:(allowedAccountIds|assumeRoles?|accessKey|profile|endpoints)\b/;

/** An account is where everything is, too; only AWS knows whether these credentials lead to the same one. */
function otherAccount({ path }: Difference): readonly Finding[] {
  const [, setting] = ACCOUNT.exec(path) ?? [];
  if (setting === undefined) return [];
  return [
    {
      level: "warning",
      rule: "account-may-change",
      message: `aws:${setting} is another one: where it leads to another account, pulumi up finds nothing of this stack there, and makes everything anew; an account is another stack`,
      steps: [
        "compare the accounts, with the credentials of before and of now: aws sts get-caller-identity",
        "where they differ, take the change back, and make a stack for the other account: pulumi stack init",
      ],
    },
  ];
}

function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  return findings.filter((one) => !others.some((other) => isDeepStrictEqual(one, other)));
}
