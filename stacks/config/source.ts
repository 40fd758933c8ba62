import { z } from "zod";
import type { SourceProvider } from "../../components/pipeline/source";
import { existing, oneOf, rule, text } from "./leaf";

const PATTERNS = { expected: "1 to 8 glob patterns of at most 255 characters", example: "" };
const patterns = z.array(z.string().min(1).max(255)).min(1).max(8).meta(PATTERNS).optional();

/** Providers whose source is a branch. */
const GIT: readonly string[] = ["CodeCommit", "CodeStarSourceConnection"] satisfies SourceProvider[];

/** Whether a source is a branch of a repository. */
export function isGit(provider: string | undefined): boolean {
  return provider !== undefined && GIT.includes(provider);
}

const connectionArn = text(
  { pattern: /^arn:aws[\w-]*:(?:codeconnections|codestar-connections):/, expected: "the ARN of a connection" },
  "arn:aws:codeconnections:eu-west-1:111122223333:connection/0a1b",
);

const keys = z.strictObject({
  provider: oneOf(["CodeCommit", "CodeStarSourceConnection", "ECR", "S3"] satisfies [
    SourceProvider,
    ...SourceProvider[],
  ]).describe(
    "CodePipeline's name of the source provider. CodeStarSourceConnection is GitHub, GitLab or Bitbucket; ECR starts with a tag that is pushed to a service's image repository, and nothing is built; S3 is a zip file",
  ),
  repository: text(
    { pattern: /^[\w.-]+(?:\/[\w.-]+)*$/, max: 200, expected: "a repository name, `owner/name` on a connection" },
    "shop",
  )
    .optional()
    .describe("Repository of every service that names none itself"),
  connectionArn: connectionArn.optional().describe("Connection to use; needed for CodeStarSourceConnection"),
  tags: patterns.describe(
    "Glob patterns: a tag that is pushed starts the pipeline, a push to the branch no longer does. Connections only",
  ),
  filePaths: patterns.describe(
    "Glob patterns: only a push that changes one of these files starts the pipeline. Connections only. With `pipelines: perService`, default: the service's folder",
  ),
  excludedFilePaths: patterns.describe(
    "Glob patterns: a push that changes nothing but these files starts nothing. Connections only",
  ),
  imageTag: text(
    { pattern: /^[A-Za-z0-9_][A-Za-z0-9._-]{0,126}\*?$/, expected: "an image tag, or its beginning and *" },
    "release-*",
  )
    .optional()
    .describe("Tag whose push starts the pipeline, or the beginning of such tags and `*`. ECR only; needed there"),
  bucket: existing("the name or ARN of an S3 bucket", "acme-sources")
    .optional()
    .describe("Versioned bucket that sends its events to EventBridge; created unless it exists. S3 only"),
  objectKey: text({ pattern: /^[^\s*?[\]]{1,1024}$/, expected: "an object key" }, "shop.zip")
    .optional()
    .describe("Zip file whose new versions start the pipeline. S3 only. Default `source.zip`"),
});

/** Fields that only some providers have. */
const ONLY = {
  connectionArn: "CodeStarSourceConnection",
  tags: "CodeStarSourceConnection",
  filePaths: "CodeStarSourceConnection",
  excludedFilePaths: "CodeStarSourceConnection",
  imageTag: "ECR",
  bucket: "S3",
  objectKey: "S3",
} as const satisfies Partial<Record<keyof z.output<typeof keys>, SourceProvider>>;

/** Where the code comes from. */
export const sourceSchema = Object.entries(ONLY)
  .reduce(
    (schema, [field, only]) =>
      schema.refine(
        ...rule(
          z.looseObject({ provider: z.string() }),
          (source) =>
            source.provider !== only && source[field] !== undefined
              ? `nothing, because only ${only} has it and the provider is ${source.provider}`
              : undefined,
          { path: [field], remove: true },
        ),
      ),
    keys,
  )
  .refine(
    ...rule(
      z.object({ provider: z.string(), connectionArn: z.string().optional() }),
      ({ provider, connectionArn: arn }) =>
        provider === "CodeStarSourceConnection" && arn === undefined
          ? "the ARN of a connection, because the provider is CodeStarSourceConnection"
          : undefined,
      { path: ["connectionArn"] },
    ),
  )
  .refine(
    ...rule(
      z.object({ provider: z.string(), imageTag: z.string().optional() }),
      ({ provider, imageTag }) =>
        provider === "ECR" && imageTag === undefined ? "the tag that starts the pipeline" : undefined,
      { path: ["imageTag"] },
    ),
  )
  .refine(
    ...rule(
      z.object({ tags: z.array(z.string()).optional(), filePaths: z.array(z.string()).optional() }),
      ({ tags, filePaths }) =>
        tags && filePaths ? "nothing beside tags: CodePipeline looks at files of pushes to a branch only" : undefined,
      { path: ["filePaths"], remove: true },
    ),
  );
