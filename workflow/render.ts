import { Document, isMap, isScalar, type Scalar, visit } from "yaml";
import { inQuotes, shellWord } from "../components/shellWord";
import type { FileStep, GeneratedWorkflow, WorkflowFile } from "../model/workflow/document";
import { PINNED } from "../model/workflow/pinned";
import { ACCOUNT_VARIABLE } from "../model/workflow/values";
import { printingCommand } from "./command";
import { BEGINNINGS, type Origin, stackSaid } from "./origin";

/** A workflow, ready for `.github/workflows`. */
export interface RenderedWorkflow {
  /** Name of the file. */
  readonly file: string;
  readonly text: string;
}

/** The file of a generated workflow. */
export function renderWorkflow(
  generated: GeneratedWorkflow,
  stack: string,
  of: Omit<Origin, "stack"> = {},
): RenderedWorkflow {
  const { file } = generated;
  const body = bodyOf(file);
  return { file: `${file.name}.yml`, text: `${headerOf(generated, { ...of, stack }, body)}${body}` };
}

/** The document as YAML: scripts as blocks, and beside each action's commit the release that it is. */
function bodyOf(file: WorkflowFile): string {
  const versions = new Map<string, string>();
  const jobs = Object.fromEntries(
    Object.entries(file.jobs).map(([id, job]) => [
      id,
      { ...job, steps: job.steps.map((one) => plainStep(one, versions)) },
    ]),
  );
  const document = new Document({ ...file, jobs }, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(key, node: Scalar) {
      if (typeof node.value !== "string") return;
      if (node.value.includes("\n")) node.type = "BLOCK_LITERAL";
      const version = versions.get(node.value);
      if (version !== undefined && key === "value") node.comment = ` ${version}`;
    },
    Pair(_, pair) {
      // An event without settings stands alone.
      if (isScalar(pair.key) && pair.key.value === "workflow_dispatch" && !isMap(pair.value)) pair.value = null;
    },
  });
  return document.toString({ lineWidth: 0, nullStr: "" });
}

function plainStep({ uses, ...step }: FileStep, versions: Map<string, string>) {
  if (!uses) return step;
  const named = `${uses.action}@${uses.commit}`;
  versions.set(named, uses.version);
  const { name, id, if: when, ...others } = step;
  return { name, id, if: when, uses: named, ...others };
}

/** What a person has to know and do, before the first line that GitHub reads. */
function headerOf({ workflow, jobs, file }: GeneratedWorkflow, origin: Origin, body: string): string {
  const { repository, branch, promotion } = workflow;
  const goesOn = file.name === promotion?.workflowName;
  const environments = [...new Set(jobs.flatMap(({ environment }) => environment ?? []))];
  const asking = new Set(
    jobs.flatMap(({ asks, environment }) => (asks && environment !== undefined ? [environment] : [])),
  );
  const plain = repository.replaceAll(/@\d+/g, "");
  const steps = environments.flatMap((environment) => [
    ...environmentCommands(plain, environment, branch),
    ...(asking.has(environment)
      ? [`# Reviewers of "${environment}": on GitHub, Settings, Environments, ${environment}, Required reviewers.`]
      : []),
    ...(body.includes(`vars.${ACCOUNT_VARIABLE}`)
      ? [
          `#   gh variable set ${ACCOUNT_VARIABLE} --repo ${shellWord(plain)} --env ${shellWord(environment)} --body ${inQuotes(goesOn ? `<the 12 digits of the account of stack ${origin.stack}>` : "<the account's 12 digits>")}`,
        ]
      : []),
  ]);
  // The other stack's own pipeline delivers what is released by a tag alone.
  const delivers = body.includes(PINNED.deployTaskDefinition.action) ? ", and delivers it" : "";
  const what = goesOn
    ? [
        `${BEGINNINGS.releases}${stackSaid(origin)}, by digest${delivers}. Workflow ${workflow.name} starts it; so can a person, with an`,
        `# image that passed. Written by: ${printingCommand(origin)}`,
      ]
    : [`${BEGINNINGS.delivers}${stackSaid(origin)}. Written by: ${printingCommand(origin)}`];
  return `${[
    ...what,
    "# Not edited by hand: change the stack's settings, and write it again; --check says whether it is as it would be.",
    "#",
    "# Before the first run, once:",
    ...steps,
    "",
  ].join("\n")}`;
}

/** The environment, which lets this branch in alone. */
function environmentCommands(repository: string, environment: string, branch: string): readonly string[] {
  const path = `repos/${repository}/environments/${encodeURIComponent(environment)}`;
  const policy = "'deployment_branch_policy[protected_branches]=false'";
  const custom = "'deployment_branch_policy[custom_branch_policies]=true'";
  return [
    `#   gh api --method PUT ${shellWord(path)} -F ${policy} -F ${custom}`,
    `#   gh api --method POST ${shellWord(`${path}/deployment-branch-policies`)} -f ${shellWord(`name=${branch}`)}`,
  ];
}
