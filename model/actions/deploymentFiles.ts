import { fileVariable } from "../../components/build/buildspec/deploymentFiles";
import type { Action } from "../graph/pipelines";

/** The service whose image another one builds, by the file which its deploy action reads; none where it is the builder's. */
export function serviceOfFiles({ configuration }: Action): string | undefined {
  const file = configuration.FileName ?? configuration.TaskDefinitionTemplatePath ?? "";
  return /^(?:imagedefinitions|taskdef)-(.+)\.json$/.exec(file)?.[1];
}

/** The variable by which a build learns of what it writes there: `CONTAINER_NAME_worker`, with `imagedefinitions-worker.json`. */
export function variableForFiles(name: string, action: Action): string {
  return fileVariable(name, serviceOfFiles(action));
}
