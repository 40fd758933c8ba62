import * as aws from "@pulumi/aws";
import type { Output } from "@pulumi/pulumi";
import { DeploymentRoles } from "../../components/access/deploymentRoles";
import { REVIEW_STACKS, ReviewBoundary, reviewNames } from "../../components/access/reviewBoundary";
import {
  GITHUB_AUDIENCE,
  GITHUB_ISSUER,
  gitHubEnvironment,
  gitHubPreviews,
  PULUMI_ISSUER,
  pulumiPreviews,
  pulumiUpdates,
  type TokenHolder,
} from "../../components/access/webIdentity";
import { environmentNameIn } from "../../components/checks/names";
import { NAMESPACE } from "../../stacks/config/namespace";
import { loadRolesConfig, type RolesConfig } from "./config";

/** GitHub environment of review stacks, and the name of their roles. */
const REVIEW = "review";

/** Roles of one stack, as workflows and settings name them. */
interface RoleArns {
  readonly preview?: Output<string>;
  readonly update: Output<string>;
  /** Boundary that the stack's roles must carry (`permissionsBoundary`). @default - none */
  readonly boundary?: Output<string> | undefined;
}

/** The roles of every stack that lives in this account, and the identity providers that they trust. */
export function deployRoles(): { readonly roles: Readonly<Record<string, RoleArns>> } {
  const { project, github, pulumi, review, reviewStacks, stacks } = loadRolesConfig();
  const runners = [...(pulumi ? [pulumiRunner(pulumi)] : []), ...(github ? [gitHubRunner(github)] : [])];
  // Whoever runs something may look; one updates.
  const roles = runners.slice(0, 1).flatMap((updater) => [
    ...stacks.map(({ name, ...settings }): [string, RoleArns] => {
      const previewedBy = runners.map((runner) => runner.previews(name));
      const named = (stack: string) => environmentNameIn(stack, project);
      const otherStacks = stacks.flatMap((other) => (other.name === name ? [] : [named(other.name)]));
      const args = { ...settings, stack: named(name), otherStacks, previewedBy, updatedBy: updater.updates(name) };
      return [name, arnsOf(new DeploymentRoles(name, args))];
    }),
    ...(reviewStacks ? [reviewRoles(updater, project, review)] : []),
  ]);
  return { roles: Object.fromEntries(roles) };
}

/** Whoever pushes a branch gets this role: it has a boundary of its own, which every role of a review stack must carry, too. */
function reviewRoles(
  { reviews: updatedBy }: Runner,
  project: string | undefined,
  review: RolesConfig["review"],
): [string, RoleArns] {
  const { confined = true, reads, shares } = review ?? {};
  const boundary = confined ? new ReviewBoundary(REVIEW, { project, shares, reads }).arn : undefined;
  const roles = new DeploymentRoles(REVIEW, {
    stack: reviewNames(project),
    permissionsBoundaryArn: boundary,
    boundaryArn: boundary,
    updatedBy,
  });
  return [REVIEW, { ...arnsOf(roles), boundary }];
}

function arnsOf({ previewRole, updateRole }: DeploymentRoles): RoleArns {
  return { preview: previewRole?.arn, update: updateRole.arn };
}

interface Runner {
  readonly previews: (stack: string) => TokenHolder;
  readonly updates: (stack: string) => TokenHolder;
  /** Whoever makes review stacks, changes and destroys them. */
  readonly reviews: TokenHolder;
}

function gitHubRunner({ repository, branches = [], provider }: NonNullable<RolesConfig["github"]>): Runner {
  const of = { repository, providerArn: providerArn("github", GITHUB_ISSUER, GITHUB_AUDIENCE, provider) };
  return {
    previews: () => gitHubPreviews(of, branches),
    updates: (stack) => gitHubEnvironment(of, stack),
    reviews: gitHubEnvironment(of, REVIEW),
  };
}

function pulumiRunner({ organization, project = NAMESPACE, provider }: NonNullable<RolesConfig["pulumi"]>): Runner {
  const of = { organization, project, providerArn: providerArn("pulumi", PULUMI_ISSUER, organization, provider) };
  return {
    previews: (stack) => pulumiPreviews({ ...of, stack }),
    updates: (stack) => pulumiUpdates({ ...of, stack }),
    reviews: pulumiUpdates({ ...of, stack: REVIEW_STACKS }),
  };
}

/** An account has one identity provider for each URL: it is made here, or is there already. */
function providerArn(name: string, issuer: string, audience: string, given: { readonly existing: string } | undefined) {
  if (given) return given.existing;
  return new aws.iam.OpenIdConnectProvider(name, { url: `https://${issuer}`, clientIdLists: [audience] }).arn;
}
