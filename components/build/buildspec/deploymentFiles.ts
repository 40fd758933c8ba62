import { shellWord } from "../../shellWord";

/**
 * A file the build must leave for the deploy action, and the commands that write it. The commands are constant: what
 * differs between services comes in as environment variables.
 */
export interface BuildFile {
  /** From the root of the source, which is where the commands run. */
  readonly path: string;
  /** Bash commands; the first that fails ends the build. */
  readonly commands: readonly string[];
}

/**
 * Name of a file in the artifact of an image that several services run: each but the one that builds it has files of its own.
 * @param service whose file it is. @default - the service that builds the image
 */
export function deploymentFile(path: string, service?: string): string {
  if (service === undefined) return path;
  const dot = path.lastIndexOf(".");
  return `${path.slice(0, dot)}-${service}${path.slice(dot)}`;
}

/** Name of a variable that a build reads for the files of a service, told apart as the files are. */
export function fileVariable(name: string, service?: string): string {
  return service === undefined ? name : `${name}_${service.replace(/[^A-Za-z0-9]/g, "_")}`;
}

/** The containers that a build gives the image: one, and in another variable those beside it, with a space between. */
export function containerVariables(
  { name }: { readonly name: string },
  further: readonly string[] = [],
  service?: string,
): Readonly<Record<string, string>> {
  const own = { [fileVariable("CONTAINER_NAME", service)]: name };
  return further.length === 0 ? own : { ...own, [fileVariable("FURTHER_CONTAINERS", service)]: further.join(" ") };
}

/**
 * `imagedefinitions.json` of the Amazon ECS deploy action, from `CONTAINER_NAME`, `IMAGE_URI`, and `FURTHER_CONTAINERS` where
 * several containers run the image.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/file-reference.html
 */
export function imageDefinitionsOf(service?: string): BuildFile {
  const path = deploymentFile("imagedefinitions.json", service);
  const container = fileVariable("CONTAINER_NAME", service);
  const further = fileVariable("FURTHER_CONTAINERS", service);
  return {
    path,
    commands: [
      // The name goes into JSON as it is, so anything ECS would refuse as a container name is refused here.
      refuseUnless(
        `[[ $${container} =~ ^[A-Za-z0-9_-]+$ ]]`,
        `${container} is "%s"; set it to the name in the task definition (letters, digits, - and _)`,
        container,
      ),
      refuseUnless(
        `[[ $${further} =~ ^[A-Za-z0-9_\\ -]*$ ]]`,
        `${further} is "%s"; set it to names in the task definition, with a space between`,
        further,
      ),
      `for CONTAINER in $${container} $${further}; do printf '{"name":"%s","imageUri":"%s"}\\n' "$CONTAINER" "$IMAGE_URI"; done | paste -sd, | sed 's/.*/[&]/' > ${path}`,
    ],
  };
}

/** `imagedefinitions.json` of the service that builds the image. */
export const imageDefinitions: BuildFile = imageDefinitionsOf();

/** `imageDetail.json` of the CodeDeployToECS action, from `IMAGE_URI`; the name is fixed. */
export const imageDetail: BuildFile = {
  path: "imageDetail.json",
  commands: [`printf '{"ImageURI":"%s"}\\n' "$IMAGE_URI" > imageDetail.json`],
};

/**
 * A file with the value of an SSM parameter: `taskdef.json` and `appspec.yaml` of CodeDeploy, which Pulumi publishes so
 * that every release takes the newest settings. The build's role needs `ssm:GetParameter` on the parameter.
 * @param path where the file goes, from the root of the source
 * @param variable environment variable that holds the parameter's name
 */
export function fromParameter(path: string, variable: string): BuildFile {
  const get = `aws ssm get-parameter --name "$${variable}" --query Parameter.Value --output text`;
  return {
    path,
    commands: [
      // An assignment of its own: the status of a command inside printf's arguments would be lost.
      `DEPLOYMENT_FILE=$(${get})`,
      refuseUnless(
        "[[ -n ${DEPLOYMENT_FILE//[[:space:]]/} ]]",
        `SSM parameter "%s" is empty, so ${path} cannot be written; run pulumi up, which fills it`,
        variable,
      ),
      `printf '%s\\n' "$DEPLOYMENT_FILE" > ${shellWord(path)}`,
    ],
  };
}

/**
 * A file that the service's own repository brings, in `SERVICE_FOLDER`: `taskdef.json` and `appspec.yaml` where they are not
 * made here. It goes to the root, where the deploy action looks.
 * @param path from `SERVICE_FOLDER`, and in the artifact
 * @param placeholder what must stand in the file, for the deploy action to replace; without it an old version would be deployed
 */
export function fromSource(path: string, placeholder: string): BuildFile {
  const file = shellWord(path);
  return {
    path,
    commands: [
      refuseUnless(
        `[[ -s "$SERVICE_FOLDER"/${file} ]]`,
        `folder "%s" has no ${path}, or an empty one; the deployment of this service needs it there`,
        "SERVICE_FOLDER",
      ),
      refuseUnless(
        `grep -qF ${shellWord(placeholder)} "$SERVICE_FOLDER"/${file}`,
        `${path} in folder "%s" has no ${placeholder}, which the deploy action replaces; write it there`,
        "SERVICE_FOLDER",
      ),
      // The folder may be the root: cp refuses to copy a file onto itself.
      `[[ "$SERVICE_FOLDER"/${file} -ef ${file} ]] || cp "$SERVICE_FOLDER"/${file} ${file}`,
    ],
  };
}

/** A command that ends the build unless `condition` holds; `%s` in the message is the value of `variable`. */
function refuseUnless(condition: string, message: string, variable: string): string {
  return `${condition} || { printf ${shellWord(`ERROR: ${message}\\n`)} "$${variable}" >&2; false; }`;
}
