import { mapOf, textOf } from "../../graph/read";
import type { PlayedArtifact } from "./artifact";
import { ActionFailed } from "./run";

/** An image for a container. */
export interface Definition {
  readonly name: string;
  readonly image: string;
}

/** Bytes that the file may have. https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html */
const DEFINITIONS_BYTES = 100 * 1024;

/** Bytes that an artifact of a CodeDeploy action may have. */
export const CODE_DEPLOY_BYTES = 3 * 1024 * 1024;

/** The images that a build has left for CodePipeline's ECS action, read as that does. */
export function definitionsIn(artifact: PlayedArtifact, file: string): readonly Definition[] {
  const text = artifact.read(file);
  if (text === undefined) throw new ActionFailed(`the artifact has no ${file}`);
  if (Buffer.byteLength(text) > DEFINITIONS_BYTES) throw new ActionFailed(`${file} has more than 100 KB`);
  const list = parsed(text, file);
  if (!Array.isArray(list) || list.length === 0)
    throw new ActionFailed(`${file}: expected a list of { name, imageUri }, got ${text.slice(0, 80)}`);
  return list.map((entry: unknown, index) => {
    const { name, imageUri } = mapOf(entry);
    if (textOf(name) === undefined) throw new ActionFailed(`${file}: entry ${index} has no name`);
    if (textOf(imageUri) === undefined || textOf(imageUri) === "")
      throw new ActionFailed(`${file}: entry ${index} has no imageUri`);
    return { name: textOf(name) ?? "", image: textOf(imageUri) ?? "" };
  });
}

/** The image that a build has left for CodeDeploy. */
export function detailIn(artifact: PlayedArtifact): string {
  const text = artifact.read("imageDetail.json");
  if (text === undefined) throw new ActionFailed("the artifact has no imageDetail.json");
  const image = textOf(mapOf(parsed(text, "imageDetail.json")).ImageURI);
  if (image === undefined) throw new ActionFailed(`imageDetail.json names no ImageURI: ${text.slice(0, 80)}`);
  return image;
}

/** JSON text of a file. */
export function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ActionFailed(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
