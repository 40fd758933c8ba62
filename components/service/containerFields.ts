import { z } from "zod";
import { setting } from "../settings/setting";

/**
 * Fields of a container definition, each with the setting that says it better; those without are `definition`'s.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export const CONTAINER_FIELDS: Readonly<Record<string, string | undefined>> = {
  name: "name",
  image: "image, which deliveries bring,",
  repositoryCredentials: "repository.pullSecret",
  cpu: undefined,
  memory: undefined,
  memoryReservation: undefined,
  links: "nothing: awsvpc has none",
  portMappings: "port, otherPorts",
  essential: "essential",
  restartPolicy: undefined,
  entryPoint: "entryPoint",
  command: "command",
  environment: "environment",
  environmentFiles: "environmentFiles",
  mountPoints: "writablePaths, fileSystems",
  volumesFrom: undefined,
  linuxParameters: undefined,
  secrets: "secrets",
  dependsOn: "dependsOn",
  startTimeout: undefined,
  stopTimeout: "stopTimeoutSeconds",
  versionConsistency: undefined,
  hostname: "nothing: awsvpc has none",
  user: "user",
  workingDirectory: "workingDirectory",
  disableNetworking: "nothing: awsvpc has none",
  privileged: undefined,
  readonlyRootFilesystem: "readonlyRootFilesystem",
  dnsServers: "nothing: awsvpc has none",
  dnsSearchDomains: "nothing: awsvpc has none",
  extraHosts: "nothing: awsvpc has none",
  dockerSecurityOptions: undefined,
  interactive: undefined,
  pseudoTerminal: undefined,
  dockerLabels: "dockerLabels",
  ulimits: "ulimits",
  logConfiguration: "logConfiguration",
  healthCheck: "healthCheck",
  systemControls: undefined,
  resourceRequirements: undefined,
  firelensConfiguration: "firelensConfiguration",
  credentialSpecs: undefined,
};

/** Names of the fields that no setting has. */
export const OTHER_FIELDS: readonly string[] = Object.keys(CONTAINER_FIELDS).filter(
  (field) => CONTAINER_FIELDS[field] === undefined,
);

/** Fields of a container definition that no setting has. */
export interface ContainerDefinition {
  readonly linuxParameters?: Readonly<Record<string, unknown>> | undefined;
  readonly [field: string]: unknown;
}

/** What is expected in the place of a field that is not `definition`'s. */
export function fieldProblem(field: string): string | undefined {
  if (OTHER_FIELDS.includes(field)) return undefined;
  const own = CONTAINER_FIELDS[field];
  if (own === undefined) return `one of ${OTHER_FIELDS.join(", ")}`;
  return own.startsWith("nothing") ? own : `nothing: ${own} says it`;
}

/** Any other field of a container definition, by AWS's name. */
export const CONTAINER_DEFINITION: z.ZodType<ContainerDefinition> = setting(
  z.looseObject({ linuxParameters: z.record(z.string(), z.unknown()).optional() }),
  { expected: `a map of ${OTHER_FIELDS.join(", ")}` },
  { example: "" },
);
