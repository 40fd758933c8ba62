import { z } from "zod";
import { CONNECTION_ARN } from "../../components/settings/arns";
import { listSetting, setting, text } from "../../components/settings/setting";
import { settings } from "../../components/settings/settings";
import { existing } from "./existing";
import { RELEASED_BY } from "./otherStack";
import { rule } from "./rule";

const PATTERN = text({ pattern: /\S/, max: 255, expected: "a glob pattern" }, { example: "services/**" });
/** Glob patterns of files. */
export const patterns = listSetting(PATTERN, {
  min: 1,
  max: 8,
  expected: "1 to 8 glob patterns of at most 255 characters",
  distinct: true,
}).optional();

/** A repository in CodeCommit. */
const CODECOMMIT_REPOSITORY = {
  pattern: /^(?!.*\.git$)[\w.-]+$/,
  max: 100,
  expected: "the name of a repository: 1 to 100 letters, digits and . _ -, not ending in .git",
};

/** A repository on a connection; GitLab has groups in groups. */
const CONNECTION_REPOSITORY = {
  pattern: /^[\w.-]+(?:\/[\w.-]+)+$/,
  max: 1000,
  expected: "owner/name, for GitLab group/subgroup/name",
};

/** Repository of a service's source, as one of the providers writes it; `repositoryProblem` says which. */
export const SOURCE_REPOSITORY = {
  pattern: /^[\w.-]+(?:\/[\w.-]+)*$/,
  max: 1000,
  expected: "a repository name, `owner/name` on a connection",
};

/** A branch of a repository. */
export const GIT_SOURCE = settings({
  /** Repository of every service that names none itself. @default - every service names its own */
  repository: text(SOURCE_REPOSITORY, { example: "shop" }).optional(),
});

/** A branch of a repository on GitHub, GitLab or Bitbucket. */
export const CONNECTION_SOURCE = settings({
  ...GIT_SOURCE,
  /** Connection to use. */
  connectionArn: CONNECTION_ARN,
  /** Glob patterns: a tag that is pushed starts the pipeline, a push to the branch no longer does. @default - pushes to the branch */
  tags: patterns,
  /**
   * Glob patterns: only a push that changes one of these files starts the pipeline.
   * @default - every push; with `pipelines: perService`, those that change the service's folder
   */
  filePaths: patterns,
  /** Glob patterns: a push that changes nothing but these files starts nothing. @default - none */
  excludedFilePaths: patterns,
});

/** An image that someone pushes to a service's repository; nothing is built. */
export const ECR_SOURCE = settings({
  /** Tag whose push starts the pipeline, or the beginning of such tags and `*`. */
  imageTag: text(
    {
      pattern: /^[A-Za-z0-9_][A-Za-z0-9._-]{0,126}\*?$/,
      expected: "an image tag, or its beginning and *",
      missing: "the tag that starts the pipeline",
    },
    { example: "release-*" },
  ),
  /**
   * Stack of another account whose workflow releases images into the repositories here, by such a tag (its `releaseTo`): they
   * admit its roles. @default - nobody of another account
   */
  releasedBy: z.strictObject(RELEASED_BY).optional(),
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
function isObjectKey(key: string): boolean {
  return key !== "" && key.length <= 1000 && Buffer.byteLength(key) <= 1024 && !/[*?\p{Cc}]|[$#]\{/u.test(key);
}

/** A zip file. */
export const S3_SOURCE = settings({
  /** Versioned bucket that sends its events to EventBridge. @default - a new one */
  bucket: existing("bucket", "acme-sources").optional(),
  /** Zip file whose new versions start the pipeline. @default "source.zip" */
  objectKey: setting<string, { readonly default: string; readonly example: string }>(
    z.string().refine(isObjectKey),
    {
      expected:
        "an object key: at most 1000 characters and 1024 bytes, no *, ? or ${ (policies take them for patterns), no #{ (a pipeline's variable)",
    },
    { default: "source.zip", example: "shop.zip" },
  ),
});

/** Words for a connection: CodePipeline's own, and what it leads to. */
const CONNECTIONS = ["CodeStarSourceConnection", "GitHub", "GitLab", "Bitbucket"] as const;

const git = z.strictObject({ provider: z.literal("CodeCommit"), ...GIT_SOURCE });
const connection = z
  .strictObject({ provider: z.enum(CONNECTIONS), ...CONNECTION_SOURCE })
  .refine(
    ...rule(
      z.object({ tags: z.array(z.string()).optional(), filePaths: z.array(z.string()).optional() }),
      ({ tags, filePaths }) =>
        tags && filePaths ? "nothing beside tags: CodePipeline looks at files of pushes to a branch only" : undefined,
      { path: ["filePaths"], remove: true },
    ),
  );

/** Where the code comes from: what there is to say depends on the provider. */
export const sourceSchema = z
  .discriminatedUnion("provider", [
    git,
    connection,
    z.strictObject({ provider: z.literal("ECR"), ...ECR_SOURCE }),
    z.strictObject({ provider: z.literal("S3"), ...S3_SOURCE }),
  ])
  .meta({ elsewhere: "nothing" });

/** Where the code comes from. */
export type Source = z.output<typeof sourceSchema>;

/** A branch of a repository on GitHub, GitLab or Bitbucket. */
export type ConnectionSettings = Extract<Source, { readonly connectionArn: string }>;

/** A zip file. */
export type ZipSettings = Extract<Source, { readonly provider: "S3" }>;

/** What rules and builds ask of a source. */
interface SourceFacts {
  /** `image`: nothing is built, one comes in. */
  readonly brings: "files" | "image";
  /** `version`: there is no commit, the version of what was uploaded names the image. */
  readonly revision: "commit" | "version";
  /** How a repository is written, with one that is. @default - the source is no branch of a repository */
  readonly repository?: { readonly form: typeof CODECOMMIT_REPOSITORY; readonly example: string };
}

const CODECOMMIT = { form: CODECOMMIT_REPOSITORY, example: "shop" };
const ON_CONNECTION = {
  brings: "files",
  revision: "commit",
  repository: { form: CONNECTION_REPOSITORY, example: "acme/shop" },
} as const;

const FACTS: Readonly<Record<Source["provider"], SourceFacts>> = {
  CodeCommit: { brings: "files", revision: "commit", repository: CODECOMMIT },
  CodeStarSourceConnection: ON_CONNECTION,
  GitHub: ON_CONNECTION,
  GitLab: ON_CONNECTION,
  Bitbucket: ON_CONNECTION,
  ECR: { brings: "image", revision: "version" },
  S3: { brings: "files", revision: "version" },
};

/** What rules and builds ask of a source; of a word that is none, nothing, for that is a problem already. */
export function sourceFacts(provider: string | undefined): Partial<SourceFacts> {
  return Object.entries(FACTS).find(([word]) => word === provider)?.[1] ?? {};
}

/** What is wrong with the form of a repository, for its provider. */
export function repositoryProblem(provider: string, repository: string): string | undefined {
  const { form } = sourceFacts(provider).repository ?? {};
  if (!form || (repository.length <= form.max && form.pattern.test(repository))) return undefined;
  return form.expected;
}

/** Whether a source is a branch of a repository. */
export function isGit(provider: string | undefined): boolean {
  return sourceFacts(provider).repository !== undefined;
}
