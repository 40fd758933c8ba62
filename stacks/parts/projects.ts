import * as pulumi from "@pulumi/pulumi";
import { BUILD, type BuildProjectArgs } from "../../components/build/args";
import { BuildProject } from "../../components/build/buildProject";
import type { BuildKind } from "../../components/build/kind";
import { isSecretsManager, secretKeyPermissions, secretPermissions } from "../../components/iam/secrets";
import type { StoredArtifact } from "../../components/pipeline/artifactKeys";
import type { BuildVariable } from "../../components/pipeline/build/codeBuild";
import type { ProjectRef } from "../../components/refs";
import { withDefaults } from "../../components/settings/settings";
import type { JobStep } from "../../components/workflow/jobStep";
import type { StackConfig } from "../config/load";
import type { DeliveryContext, StackWorkflow } from "../deliveryContext";
import { existingRef } from "../existing";
import { secretsKeys } from "../secretsKeys";

/** What a step says of its build project; names, artifact store, key and role are the stack's. */
type StepProject = Omit<
  BuildProjectArgs,
  "projectName" | "artifactStores" | "role" | "kmsKeyArn" | "secretsKeyArns"
> & {
  /** Artifacts that its builds read, in every pipeline that calls it. */
  readonly reads: readonly StoredArtifact[];
  /** Artifacts that its builds leave. */
  readonly writes: readonly StoredArtifact[];
  /** @default `<stack>-<name>` */
  readonly projectName?: string;
  /** What it is there for: which of the roles that exist it runs in. */
  readonly kind: BuildKind;
  /** Whether its role is made in any case, because someone names it before it is there. @default false */
  readonly ownRole?: boolean;
  /** Keys of the secrets among its parameters, where they are not the stack's. @default - the stack's */
  readonly secretsKey?: StackConfig["secretsKey"];
};

/**
 * A project that is there already; else this stack's, made when a step first asks for it. Throws where another step of
 * that name does something else.
 */
export function projectFor(
  name: string,
  given: { readonly existing: string } | undefined,
  context: DeliveryContext,
  own: () => StepProject,
  /** In a workflow: role of its own, which admits the runs of another environment on GitHub. @default - the workflow's */
  stepRole?: JobStep["role"],
): ProjectRef {
  const { stack, foundation, place, projects } = context;
  if (given) return existingRef("project", given.existing, place);
  const step = own();
  if (context.workflow) return stepFor(name, { ...step, stepRole }, context.workflow, context);
  const made = projects.get(name);
  if (made && made.description !== step.description) {
    throw new pulumi.RunError(
      `build project "${stack}-${name}" would do two things: "${made.description}" and "${step.description}"; ` +
        "give the service or the test another name",
    );
  }
  if (made) return made.project;
  const { kind, ownRole = false, secretsKey, ...args } = step;
  const isSecret = Object.keys(args.parameters ?? {}).length > 0;
  const role = ownRole ? undefined : foundation.roles.builds[kind];
  const project = new BuildProject(name, {
    projectName: `${stack}-${name}`,
    ...args,
    artifactStores: [foundation.artifactStore()],
    kmsKeyArn: foundation.buildLogKeyArn(kind),
    secretsKeyArns: isSecret ? secretsKeys(secretsKey, context.config, foundation.kmsKeyArn) : undefined,
    role,
    roleName: role ? undefined : args.roleName,
  });
  projects.set(name, { description: step.description, project });
  return project;
}

/** In a workflow no project is made: a step of a job does the same, with the same commands and in the workflow's role. */
function stepFor(
  name: string,
  {
    kind,
    buildspec,
    description,
    environment = {},
    parameters = {},
    permissions = [],
    ...args
  }: StepProject & { readonly stepRole: JobStep["role"] },
  workflow: StackWorkflow,
  { stack, config, foundation, place }: DeliveryContext,
): ProjectRef {
  const named = args.projectName ?? stepName(name, stack, workflow);
  const secrets = Object.values(parameters);
  const keys = secrets.length > 0 ? secretsKeys(args.secretsKey, config, foundation.kmsKeyArn) : [];
  workflow.steps.set(named, {
    name: named,
    description,
    kind,
    buildspec,
    environment,
    parameters,
    permissions: [
      ...permissions,
      ...secretPermissions(secrets, place),
      ...secretKeyPermissions(secrets, keys ?? [], place),
    ],
    timeoutInMinutes: withDefaults(BUILD, args).timeoutInMinutes,
    role: args.stepRole,
    runsOn: args.cpuArchitecture === "ARM64" ? ARM_RUNNER : undefined,
  });
  return { name: named, arn: "" };
}

/** Workflows of several services have steps alike: each has its service in the name. */
function stepName(name: string, stack: string, { prefix }: StackWorkflow): string {
  return `${stack}-${name}`.startsWith(`${prefix}-`) ? `${stack}-${name}` : `${prefix}-${name}`;
}

/** Label of GitHub's runners whose CPU is ARM64: an image is built on the CPU that runs it. */
const ARM_RUNNER = "ubuntu-24.04-arm";

/** A project that is there already knows nothing of these parameters: the action hands them over. */
export function handedOver(
  parameters: Readonly<Record<string, string>> | undefined,
  existing: object | undefined,
): Record<string, BuildVariable> {
  if (!existing) return {};
  const entries = Object.entries(parameters ?? {});
  return Object.fromEntries(
    entries.map(([name, value]): [string, BuildVariable] => [
      name,
      { type: isSecretsManager(value) ? "SECRETS_MANAGER" : "PARAMETER_STORE", value },
    ]),
  );
}
