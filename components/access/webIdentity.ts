import type { Input, Output } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";

/** An identity provider that AWS knows: it checks the signature of tokens, and a trust policy what they say. */
export interface IdentityProvider {
  readonly arn: Input<string>;
  /** The issuer's URL without `https://`: how conditions name it. */
  readonly issuer: string;
}

/** Tokens that a role is given to. */
export interface TokenHolder {
  readonly provider: IdentityProvider;
  /** `aud` of the tokens. */
  readonly audience: string;
  /** `sub` of the tokens, in full; `*` stands for what is not known beforehand. */
  readonly subjects: readonly string[];
  /**
   * What else the tokens say, by claim, as far as AWS reads it. @default - nothing more is asked
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
   */
  readonly claims?: Readonly<Record<string, string>>;
}

/** Issuer of the tokens that jobs of GitHub Actions get. */
export const GITHUB_ISSUER = "token.actions.githubusercontent.com";

/** What GitHub's tokens for AWS are made out to. */
export const GITHUB_AUDIENCE = "sts.amazonaws.com";

/** Issuer of the tokens that Pulumi Deployments get. */
export const PULUMI_ISSUER = "api.pulumi.com/oidc";

/** A repository on GitHub, and the provider that stands for GitHub in the account. */
interface GitHubRepository {
  readonly providerArn: Input<string>;
  /**
   * As tokens name it: `owner/name`, or `owner@id/name@id` for repositories made, renamed or moved after July 15, 2026.
   * https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
   */
  readonly repository: string;
}

/**
 * Jobs of pull requests from branches of the repository, and jobs on the branches given. Nobody else's: a fork has a name
 * of its own, and its pull requests get no token.
 */
export function gitHubPreviews(repository: GitHubRepository, branches: readonly string[] = []): TokenHolder {
  return gitHub(repository, ["pull_request", ...branches.map((branch) => `ref:refs/heads/${branch}`)]);
}

/** Jobs that have passed the rules of a GitHub environment: its branches, its reviewers. */
export function gitHubEnvironment(repository: GitHubRepository, environment: string): TokenHolder {
  return gitHub(repository, [`environment:${environment}`]);
}

/** The same, of runs on one branch alone, whatever branches the environment's own rule lets in. */
export function gitHubEnvironmentOn(repository: GitHubRepository, environment: string, branch: string): TokenHolder {
  return { ...gitHubEnvironment(repository, environment), claims: { ref: `refs/heads/${branch}` } };
}

function gitHub({ providerArn, repository }: GitHubRepository, contexts: readonly string[]): TokenHolder {
  return {
    provider: { arn: providerArn, issuer: GITHUB_ISSUER },
    audience: GITHUB_AUDIENCE,
    subjects: contexts.map((context) => `repo:${repository}:${context}`),
  };
}

/** A stack in Pulumi Cloud, and the provider that stands for Pulumi Cloud in the account. */
interface PulumiCloudStack {
  readonly providerArn: Input<string>;
  readonly organization: string;
  readonly project: string;
  /** Its name; with `*`, as in `pr-*`, several. */
  readonly stack: string;
}

/** Deployments that look. */
export function pulumiPreviews(stack: PulumiCloudStack): TokenHolder {
  return pulumiCloud(stack, ["preview"]);
}

/** Deployments that change the stack or compare it with the account; not those that preview a pull request. */
export function pulumiUpdates(stack: PulumiCloudStack): TokenHolder {
  return pulumiCloud(stack, ["update", "refresh", "destroy", "detect-drift", "remediate-drift"]);
}

function pulumiCloud(stack: PulumiCloudStack, operations: readonly string[]): TokenHolder {
  const of = `pulumi:deploy:org:${stack.organization}:project:${stack.project}:stack:${stack.stack}`;
  return {
    provider: { arn: stack.providerArn, issuer: PULUMI_ISSUER },
    audience: stack.organization,
    subjects: operations.map((operation) => `${of}:operation:${operation}:scope:write`),
  };
}

/** Trust policy: these tokens may be exchanged for the role, and no others. */
export function assumeRoleWithToken(holders: readonly TokenHolder[]): Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: holders.map((holder) => ({
      Effect: "Allow",
      Principal: { Federated: holder.provider.arn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: conditions(holder),
    })),
  });
}

function conditions({ provider: { issuer }, audience, subjects, claims = {} }: TokenHolder) {
  const [aud, sub] = [`${issuer}:aud`, `${issuer}:sub`];
  const others = Object.fromEntries(Object.entries(claims).map(([claim, value]) => [`${issuer}:${claim}`, value]));
  const said = { [aud]: audience, ...others };
  if (!subjects.some((subject) => subject.includes("*"))) {
    return { StringEquals: { ...said, [sub]: [...subjects] } };
  }
  return { StringEquals: said, StringLike: { [sub]: [...subjects] } };
}
