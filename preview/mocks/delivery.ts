import { type Answer, answerText, byArn, CREATED, hex, hostsOf, named, textOr, uuid } from "./asked";

const application: Answer = (asked) => {
  const applicationId = uuid(asked.hash);
  return {
    // AWS goes by the name; the provider keeps both, to see when another application has taken the name.
    id: `${applicationId}:${asked.name}`,
    name: asked.name,
    applicationId,
    arn: asked.arn("codedeploy", `application:${asked.name}`),
    githubAccountName: "",
    linkedToGithub: false,
  };
};

const deploymentGroup: Answer = (asked) => {
  const group = answerText(asked.inputs.deploymentGroupName) ?? asked.name;
  const id = uuid(asked.hash);
  return {
    id,
    deploymentGroupId: id,
    deploymentGroupName: group,
    arn: asked.arn("codedeploy", `deploymentgroup:${textOr(asked.inputs.appName)}/${group}`),
    computePlatform: asked.inputs.ecsService === undefined ? "Server" : "ECS",
  };
};

const deploymentConfig: Answer = (asked) => {
  const name = answerText(asked.inputs.deploymentConfigName) ?? asked.name;
  return {
    id: name,
    deploymentConfigName: name,
    deploymentConfigId: uuid(asked.hash),
    arn: asked.arn("codedeploy", `deploymentconfig:${name}`),
  };
};

const codeCommit: Answer = (asked) => {
  const name = textOr(asked.inputs.repositoryName);
  const host = `git-codecommit.${asked.region}.${hostsOf(asked)}/v1/repos/${name}`;
  return {
    id: name,
    arn: asked.arn("codecommit", name),
    repositoryId: uuid(asked.hash),
    cloneUrlHttp: `https://${host}`,
    cloneUrlSsh: `ssh://${host}`,
  };
};

/** A connection to a Git provider: somebody has to agree to it in the console, and until then it waits. */
function connection(service: string): Answer {
  return (asked) => {
    const arn = asked.arn(service, `connection/${uuid(asked.hash)}`);
    return { id: arn, arn, name: asked.name, connectionStatus: "PENDING" };
  };
}

/** Pipelines, builds, deployments. */
export const deliveryAnswers: Readonly<Record<string, Answer>> = {
  "aws:codebuild/project:Project": (asked) => {
    const arn = asked.arn("codebuild", `project/${asked.name}`);
    return { id: arn, arn, name: asked.name, badgeUrl: "", publicProjectAlias: "" };
  },
  "aws:codebuild/reportGroup:ReportGroup": (asked) => {
    const arn = asked.arn("codebuild", `report-group/${asked.name}`);
    return { id: arn, arn, name: asked.name, created: CREATED };
  },
  "aws:codecommit/repository:Repository": codeCommit,
  "aws:codeconnections/connection:Connection": (asked) => ({
    ...connection("codeconnections")(asked),
    ownerAccountId: asked.account,
  }),
  "aws:codedeploy/application:Application": application,
  "aws:codedeploy/deploymentConfig:DeploymentConfig": deploymentConfig,
  "aws:codedeploy/deploymentGroup:DeploymentGroup": deploymentGroup,
  "aws:codepipeline/pipeline:Pipeline": (asked) => ({
    ...named("codepipeline", (name) => name)(asked),
    triggerAlls: asked.inputs.triggers ?? [],
  }),
  "aws:codestarconnections/connection:Connection": connection("codestar-connections"),
  "aws:codestarnotifications/notificationRule:NotificationRule": byArn(
    "codestar-notifications",
    (_, { hash }) => `notificationrule/${hex(hash, 32)}`,
  ),
};
