import { type Finding, type RecordedGraph, type Rule, worstFirst } from "../../model/graph/graph";
import { actionConfiguration } from "./actionConfiguration";
import { artifactStores } from "./artifactStores";
import { chatGuardrail } from "./chatGuardrail";
import { containerMismatch } from "./containerMismatch";
import { deploymentController } from "./deploymentController";
import { endpointMissing } from "./endpointMissing";
import { healthCheck } from "./healthCheck";
import { limits } from "./limits";
import { movingTag } from "./movingTag";
import { notDescribed } from "./notDescribed";
import { notificationLost } from "./notificationLost";
import { noWayOut } from "./noWayOut";
import { openToTheInternet } from "./openToTheInternet";
import { pipelineNeverStarts } from "./pipelineNeverStarts";
import { pipelineStructure } from "./pipelineStructure";
import { quotas } from "./quotas";
import { roleCannot } from "./roleCannot";
import { roleTooWide } from "./roleTooWide";
import { runningImageExpires } from "./runningImageExpires";
import { sharedBuildRole } from "./sharedBuildRole";
import { stageConditions } from "./stageConditions";
import { stopsFirst } from "./stopsFirst";
import { targetGroupUnattached } from "./targetGroupUnattached";
import { templateInSource } from "./templateInSource";
import { unverified } from "./unverified";

/** Every rule; a rule reads the graph alone, so it finds mistakes of the components as well as of their users. */
export const rules: readonly Rule[] = [
  pipelineStructure,
  stageConditions,
  actionConfiguration,
  artifactStores,
  pipelineNeverStarts,
  containerMismatch,
  targetGroupUnattached,
  deploymentController,
  healthCheck,
  stopsFirst,
  endpointMissing,
  openToTheInternet,
  noWayOut,
  movingTag,
  limits,
  quotas,
  notificationLost,
  chatGuardrail,
  roleCannot,
  roleTooWide,
  sharedBuildRole,
  runningImageExpires,
  notDescribed,
  templateInSource,
  unverified,
];

/** What the rules find in a graph, each finding once, errors first. */
export function findingsOf(graph: RecordedGraph): readonly Finding[] {
  const unique = new Map(rules.flatMap((rule) => rule(graph)).map((one) => [JSON.stringify(one), one]));
  const found = [...unique.values()];
  return worstFirst(found);
}
