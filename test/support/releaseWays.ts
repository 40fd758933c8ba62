import { type Changes, releaseGraphs } from "./releaseGraphs";
import { ReleaseWorld } from "./releaseWorld";

const OTHER = "444455556666";
const api = { name: "api", container: { name: "api", port: 8080 }, healthCheck: { path: "/healthz" } };

/** A way into another stack. */
export interface Way {
  readonly example: string;
  readonly services: readonly string[];
  /** Actions that test, in order. */
  readonly tests: readonly string[];
  /** Whether the image stays in its repository. @default false */
  readonly stays?: boolean;
  readonly changes?: Changes;
}

/** Every way from a commit into production. */
export const WAYS: Readonly<Record<string, Way>> = {
  "one pipeline": {
    example: "one-pipeline",
    services: ["backend", "front-end"],
    tests: ["backend-unit-tests", "front-end-unit-tests", "performance-test", "security-test", "acceptance-test"],
  },
  "two accounts": { example: "two-accounts", services: ["api"], tests: ["acceptance-test"] },
  "Docker Hub": {
    example: "release-from-docker-hub",
    services: ["backend", "bff"],
    tests: ["acceptance-test"],
    stays: true,
  },
  "another account and region": {
    example: "two-accounts",
    services: ["api"],
    tests: ["acceptance-test"],
    changes: {
      staging: { releaseTo: { stack: "production", account: OTHER, region: "eu-central-1" } },
      production: { "aws:region": "eu-central-1" },
    },
  },
  "another account that pulls from staging": {
    example: "two-accounts",
    services: ["api"],
    tests: ["acceptance-test"],
    stays: true,
    changes: {
      staging: { releaseTo: { stack: "production", account: OTHER, images: "same" } },
      production: {
        services: [{ ...api, repository: { existing: "arn:aws:ecr:eu-west-1:111122223333:repository/staging/api" } }],
      },
    },
  },
};

/** A world in which nothing was delivered yet. */
export async function worldOf({ example, changes }: Way): Promise<ReleaseWorld> {
  const { staging, production } = await releaseGraphs(example, changes);
  return new ReleaseWorld(staging, production);
}
