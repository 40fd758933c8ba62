/** An artifact of a pipeline, by both names. */
export interface StoredArtifact {
  readonly pipelineName: string;
  /** Name of the artifact. @default - every artifact of the pipeline */
  readonly name?: string;
}

/** Characters of the names in the key of an artifact: CodePipeline cuts the rest off. */
const PIPELINE_CHARACTERS = 20;
const ARTIFACT_CHARACTERS = 10;

/**
 * Where CodePipeline puts an artifact in its bucket, as a pattern for policies. Names that begin alike share a folder.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-codepipeline-pipeline-artifactstore.html
 */
export function artifactKeys({ pipelineName, name }: StoredArtifact): string {
  const folder = pipelineName.slice(0, PIPELINE_CHARACTERS);
  return name === undefined ? `${folder}/*` : `${folder}/${name.slice(0, ARTIFACT_CHARACTERS)}/*`;
}

/** The same for every pipeline whose name begins so. */
export function keysOfPipelines(prefix: string): string {
  return `${prefix.slice(0, PIPELINE_CHARACTERS)}*`;
}
