import { unpackedCommands } from "../../components/build/buildspec/packed";
import type { Action } from "../graph/pipelines";
import { mapOf, textsOf } from "../graph/read";
import type { FileStep } from "./document";
import { imagesElsewhere } from "./imageElsewhere";
import { shellSteps, specOf } from "./shellStep";
import { stepOfAction, type WrittenJob } from "./written";

/** What a job begins with that deploys images of another job: their files, from the image that was handed on. */
export function filesFromElsewhere(of: WrittenJob): readonly FileStep[] {
  const { workflow, job, values } = of;
  return imagesElsewhere(of).map((build) => {
    const from = workflow.jobs.find(({ actions }) => actions.includes(build.name))?.id ?? job.id;
    return {
      id: `${build.name}-files`,
      name: `Write what a deployment of ${build.name} is made of`,
      ...filesOfImage(of, build, values.output(build.name, "IMAGE_URI", from, job.id)),
    };
  });
}

/** The files of the deployments of an image, as its build writes them, in a job that has not built it. */
export function filesOfImage(of: WrittenJob, build: Action, image: string): Pick<FileStep, "env" | "run"> {
  const step = stepOfAction(of.workflow, build);
  const { phases } = specOf(step?.inputs ?? {});
  const commands = unpackedCommands(textsOf(mapOf(mapOf(phases).build).commands));
  // After the script that builds come the lines that write files.
  const script = commands.findIndex((command) => command.includes("\nprovide_image"));
  const [built] = shellSteps(of, build, []).filter(({ id }) => id === build.name);
  const copies = (built?.run ?? "").split("\n").slice(-2);
  return {
    env: { ...built?.env, IMAGE_URI: image },
    run: [
      "set -o pipefail || exit",
      ...commands.slice(script + 1).map((command) => `${command} || exit`),
      ...copies,
    ].join("\n"),
  };
}
