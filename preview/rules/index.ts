import { type Finding, type RecordedGraph, type Rule, worstFirst } from "../../model/graph/graph";
import { actionConfiguration } from "./actionConfiguration";
import { artifactStores } from "./artifactStores";
import { chatGuardrail } from "./chatGuardrail";
import { containerMismatch } from "./containerMismatch";
import { deploymentController } from "./deploymentController";
import { endpointMissing } from "./endpointMissing";
import { folderOfRoot } from "./folderOfRoot";
import { accessRules } from "./guardrails/access";
import { balancerRules } from "./guardrails/balancers";
import { containerRules } from "./guardrails/containers";
import { deploymentRules } from "./guardrails/deployments";
import { networkRules } from "./guardrails/network";
import { storageRules } from "./guardrails/storage";
import { tagRules } from "./guardrails/tags";
import { healthCheck } from "./healthCheck";
import { jobEndsEarly } from "./jobEndsEarly";
import { limits } from "./limits";
import { movingTag } from "./movingTag";
import { notDescribed } from "./notDescribed";
import { notificationLost } from "./notificationLost";
import { notNeeded } from "./notNeeded";
import { noWayOut } from "./noWayOut";
import { openToTheInternet } from "./openToTheInternet";
import { pauseUntold } from "./pauseUntold";
import { pipelineNeverStarts } from "./pipelineNeverStarts";
import { pipelineStructure } from "./pipelineStructure";
import { plainHttp } from "./plainHttp";
import { policyRefuses } from "./policyRefuses";
import { policyTooWide } from "./policyTooWide";
import { quotas } from "./quotas";
import { roleCannot } from "./roleCannot";
import { roleTooWide } from "./roleTooWide";
import { type Enforcement, type NamedRule, NO_OPTIONS, namedRule } from "./rule";
import { NO_SETTINGS, type RuleSettings } from "./ruleSettings";
import { runningImageExpires } from "./runningImageExpires";
import { sharedBuildRole } from "./sharedBuildRole";
import { stageConditions } from "./stageConditions";
import { stopsFirst } from "./stopsFirst";
import { targetGroupUnattached } from "./targetGroupUnattached";
import { templateInSource } from "./templateInSource";
import { testUnreachable } from "./testUnreachable";
import { unverified } from "./unverified";

/** A rule whose findings say themselves what mends them. */
function delivered(
  name: string,
  enforcement: Enforcement,
  find: Rule,
  description: string,
  remedy: string,
  looksAt: NamedRule["looksAt"] = "stack",
): NamedRule {
  return namedRule({ name, enforcement, description, remedy, looksAt, options: NO_OPTIONS, find });
}

/** Every rule; a rule reads the graph alone, so it finds mistakes of the components as well as of their users. */
export const rules: readonly NamedRule[] = [
  delivered(
    "pipeline-structure",
    "mandatory",
    pipelineStructure,
    "A pipeline has the structure that CodePipeline takes",
    "correct the stage, action or artifact that is named",
  ),
  delivered(
    "stage-conditions",
    "mandatory",
    stageConditions,
    "What must hold before and after a stage is what CodePipeline takes",
    "correct the condition that is named",
  ),
  delivered(
    "action-configuration",
    "mandatory",
    actionConfiguration,
    "Every action's provider, configuration and artifacts are ones that CodePipeline takes",
    "correct the value that is named",
  ),
  delivered(
    "artifact-stores",
    "mandatory",
    artifactStores,
    "Every region that actions work in has one artifact store",
    "give each region a store, or none of them a region",
  ),
  delivered(
    "pipeline-never-starts",
    "mandatory",
    pipelineNeverStarts,
    "Every source starts its pipeline",
    "add the event rule or the trigger that is missing",
  ),
  delivered(
    "container-mismatch",
    "mandatory",
    containerMismatch,
    "Container name and port are the same in task definition, load balancer and build output",
    "use the name of the task definition everywhere",
  ),
  delivered(
    "target-group-unattached",
    "mandatory",
    targetGroupUnattached,
    "Every target group of a service has a load balancer",
    "attach it to a listener, and make the service depend on that",
  ),
  delivered(
    "deployment-controller",
    "advisory",
    deploymentController,
    "What AWS lets nobody change on a service is known before somebody tries",
    "see docs/changes.md",
  ),
  delivered(
    "health-check",
    "mandatory",
    healthCheck,
    "Health checks are ones that AWS takes, and target groups can have the tasks as targets",
    "correct the value that is named",
  ),
  delivered(
    "stops-first",
    "advisory",
    stopsFirst,
    "A deployment keeps serving tasks while it replaces them",
    "raise minimumHealthyPercent, or the number of tasks",
  ),
  delivered(
    "endpoint-missing",
    "mandatory",
    endpointMissing,
    "Tasks without a way to the internet reach what they need",
    "add the endpoint or the rule that is named",
  ),
  delivered(
    "test-unreachable",
    "mandatory",
    testUnreachable,
    "Tests of the running environment reach the address that they are told",
    "put the test into the VPC (tests[].network: true), or admit it at the load balancer",
  ),
  delivered(
    "open-to-the-internet",
    "mandatory",
    openToTheInternet,
    "Nothing is open to everyone but the production port of a public load balancer",
    "name the addresses or the security group that may connect",
  ),
  delivered(
    "plain-http",
    "advisory",
    plainHttp,
    "Users reach production by TLS",
    "name an ACM certificate (loadBalancer.certificateArn)",
  ),
  delivered(
    "no-way-out",
    "advisory",
    noWayOut,
    "What may go out to the internet has a way there",
    "add a NAT gateway, or take the rule away",
  ),
  delivered(
    "moving-tag",
    "mandatory",
    movingTag,
    "What runs is a fixed image",
    "name a tag that never moves (the commit) or a digest, and make tags immutable",
    "resource",
  ),
  delivered(
    "limits",
    "mandatory",
    limits,
    "Sizes, names, lengths and forms are ones that AWS takes",
    "correct the value that is named",
    "resource",
  ),
  quotas,
  delivered(
    "notification-lost",
    "mandatory",
    notificationLost,
    "Who tells a topic something may publish there",
    "allow it in the topic's policy and its key's",
  ),
  delivered(
    "pause-untold",
    "advisory",
    pauseUntold,
    "Somebody hears of a deployment that waits for a person",
    "name addresses (notificationEmails) or a channel (chat)",
  ),
  delivered(
    "chat-guardrail",
    "mandatory",
    chatGuardrail,
    "A chat channel says what its members may do at most",
    "name a guardrail policy",
  ),
  delivered(
    "role-cannot",
    "mandatory",
    roleCannot,
    "Every role can be taken by who uses it, and can do what it is used for",
    "add the statement that is named",
  ),
  delivered(
    "role-too-wide",
    "mandatory",
    roleTooWide,
    "Roles may do what is needed, on what it is needed for",
    "name the calls, the resources and the service that is passed a role",
    "resource",
  ),
  delivered(
    "policy-refuses",
    "mandatory",
    policyRefuses,
    "Keys and buckets admit who works on them without a role of their account",
    "add the statement that is named",
  ),
  delivered(
    "policy-too-wide",
    "advisory",
    policyTooWide,
    "Policies of keys, topics, buckets and repositories admit what works on them, and nothing else",
    "name who is meant, and ask for the condition that is named",
  ),
  delivered(
    "not-needed",
    "advisory",
    notNeeded,
    "Roles may do what they are used for, and are taken by what they are made for",
    "take away what is named, or name the resource or the condition",
  ),
  delivered(
    "shared-build-role",
    "advisory",
    sharedBuildRole,
    "What builds may do is what their kind needs",
    "give tests, builds, releases and confirmations each a role of their own",
  ),
  delivered(
    "running-image-expires",
    "advisory",
    runningImageExpires,
    "No image that runs expires",
    "keep what is delivered by a rule of the lifecycle policy",
  ),
  delivered(
    "folder-of-root",
    "advisory",
    folderOfRoot,
    "Users who are not root can write where they are meant to",
    "declare the folder in the Dockerfile, or use tmpfs",
    "resource",
  ),
  delivered(
    "not-described",
    "advisory",
    notDescribed,
    "Nothing is checked against answers that are made up",
    "describe the type in preview/mocks",
  ),
  delivered(
    "template-in-source",
    "advisory",
    templateInSource,
    "Settings that have no effect are known",
    "take the template from the stack",
  ),
  delivered(
    "unverified",
    "advisory",
    unverified,
    "A step sees what came of every deployment",
    "add a step that confirms",
  ),
  delivered(
    "job-ends-early",
    "advisory",
    jobEndsEarly,
    "The steps of a job of GitHub Actions have the time together that each has alone",
    "set pipelines: perService, give steps less time, or run jobs on runners of your own (delivery.gitHubActions.runsOn)",
  ),
  ...containerRules,
  ...storageRules,
  ...accessRules,
  ...tagRules,
  ...networkRules,
  ...balancerRules,
  ...deploymentRules,
];

/** What the rules find in a graph, each finding once, errors first. */
export function findingsOf(graph: RecordedGraph, settings: RuleSettings = NO_SETTINGS): readonly Finding[] {
  const all = rules.flatMap((one) => settings.applied(one, graph));
  const unique = new Map(all.map((one) => [JSON.stringify(one), one]));
  return worstFirst([...unique.values()]);
}
