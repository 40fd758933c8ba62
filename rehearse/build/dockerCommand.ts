import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { AwsError } from "../../model/delivery/awsError";
import type { PlayedCloud } from "../../model/delivery/cloud";
import type { PlayedImage } from "../../model/delivery/registry";
import { GUESSES } from "../../model/environment/guesses";
import { architecturesOf } from "../../model/graph/architectures";
import { ECR_PULL, ECR_PUSH, ecrPlace, imageName, repositoryArn } from "../../model/graph/ecr";
import { ofType, physicalName, TYPES } from "../../model/graph/resources";
import type { AccessCaller } from "../../model/permissions/evaluate/request";
import type { Reply, StandInCall } from "./callServer";

/** What the engine of one build has. */
export class DockerEngine {
  private readonly images = new Map<string, PlayedImage>();
  private readonly logins = new Set<string>();
  private makesIndexes = false;

  constructor(
    private readonly cloud: PlayedCloud,
    /** CPU architecture of the build's machine. */
    private readonly architecture: string,
    private readonly privileged: boolean,
  ) {}

  /** Does what a call of `docker` would. */
  async run(call: StandInCall, caller: AccessCaller, where: string): Promise<Reply> {
    const words = call.argv[0] === "buildx" ? call.argv.slice(1) : call.argv;
    const [verb = "", second] = words;
    if (verb === "login") return this.login(call);
    if (verb === "logout" || verb === "version" || verb === "info") return { status: 0, out: "" };
    if ((verb === "run" && words.includes("--install")) || verb === "create") return this.prepare(verb, words);
    if (verb === "build") return this.build(call, words, caller, where);
    if (verb === "push") return this.push(words.at(-1) ?? "", caller, where);
    if (verb === "tag") return this.tag(words.at(-2) ?? "", words.at(-1) ?? "");
    if (verb === "pull") return this.pull(words.at(-1) ?? "", caller, where);
    if (verb === "imagetools" && second === "inspect") return this.inspect(words.at(-1) ?? "");
    if (verb === "imagetools" && second === "create") return this.copy(words, caller, where);
    return { status: 1, err: `docker ${call.argv.join(" ")}: nothing here plays this call\n` };
  }

  private login({ argv, stdin }: StandInCall): Reply {
    if (argv.includes("--password-stdin") && stdin === "") return { status: 1, err: "Error: password is empty\n" };
    const host = argv.at(-1) ?? "";
    this.logins.add(host.startsWith("-") ? "docker.io" : host);
    return { status: 0, out: "Login Succeeded\n" };
  }

  /** What emulates another CPU is installed by a container that may do everything; a builder runs in one. */
  private prepare(verb: string, words: readonly string[]): Reply {
    if (!this.privileged || (verb === "run" && !words.includes("--privileged"))) return NOT_PRIVILEGED;
    this.makesIndexes = this.makesIndexes || verb === "create";
    return { status: 0, out: "" };
  }

  private async build(
    { folder }: StandInCall,
    words: readonly string[],
    caller: AccessCaller,
    where: string,
  ): Promise<Reply> {
    if (!this.privileged) return NOT_PRIVILEGED;
    const context = words.at(-1) ?? ".";
    const file = option(words, "--file") ?? option(words, "-f") ?? join(context, "Dockerfile");
    if (!existsSync(resolve(folder, context)))
      return { status: 1, err: `ERROR: unable to prepare context: path "${context}" not found\n` };
    if (!existsSync(resolve(folder, file))) {
      return {
        status: 1,
        err: `ERROR: failed to solve: failed to read dockerfile: open ${file}: no such file or directory\n`,
      };
    }
    for (const image of [...options(words, "--cache-from"), ...baseImages(resolve(folder, file))]) {
      const refused = this.demand(ECR_PULL, image, caller, where);
      if (refused) return refused;
    }
    await this.cloud.clock.sleep(GUESSES.build);
    const platform = option(words, "--platform");
    if (platform?.includes(",") && !this.makesIndexes) {
      return { status: 1, err: "ERROR: Multi-platform build is not supported for the docker driver.\n" };
    }
    const architecture = architecturesOf(platform) ?? this.architecture;
    const tags = [...options(words, "--tag"), ...options(words, "-t")];
    const built = { digest: this.cloud.registry.newDigest(tags[0] ?? context), architecture };
    for (const tag of tags) this.images.set(tag, built);
    if (!words.includes("--push")) return { status: 0, err: `built ${tags.join(", ")}\n` };
    for (const tag of tags) {
      const pushed = await this.push(tag, caller, where);
      if (pushed.status !== 0) return pushed;
    }
    return { status: 0 };
  }

  private tag(from: string, to: string): Reply {
    const image = this.images.get(from);
    if (!image) return { status: 1, err: `Error response from daemon: No such image: ${from}\n` };
    this.images.set(to, image);
    return { status: 0 };
  }

  private pull(image: string, caller: AccessCaller, where: string): Reply {
    const refused = this.demand(ECR_PULL, image, caller, where);
    if (refused) return refused;
    const found = this.find(image);
    if (!found && repositoryArn(imageName(image).repository) !== undefined) return notFound(image);
    this.images.set(image, found ?? { digest: this.cloud.registry.newDigest(image), architecture: this.architecture });
    return { status: 0 };
  }

  private async push(image: string, caller: AccessCaller, where: string): Promise<Reply> {
    const { repository, tag = "latest" } = imageName(image);
    const local = this.images.get(image);
    if (!local) return { status: 1, err: `An image does not exist locally with the tag: ${repository}\n` };
    const problem = this.mayPut(repository, tag, local, caller, where);
    if (problem) return problem;
    await this.cloud.clock.sleep(GUESSES.push);
    this.cloud.registry.put(repository, local, tag, this.cloud.clock.now);
    return { status: 0, out: `${tag}: digest: ${local.digest} size: 1234\n` };
  }

  /** From registry to registry, with the digest that it has. */
  private async copy(words: readonly string[], caller: AccessCaller, where: string): Promise<Reply> {
    const target = option(words, "--tag") ?? option(words, "-t") ?? "";
    const from = words.at(-1) ?? "";
    const refused = this.demand(ECR_PULL, from, caller, where);
    if (refused) return refused;
    const image = this.find(from);
    if (!image) return notFound(from);
    const { repository, digest, tag = digest === undefined ? "latest" : undefined } = imageName(target);
    const problem = this.mayPut(repository, tag, image, caller, where);
    if (problem) return problem;
    // Layers that are there are not sent again.
    if (!this.cloud.registry.image(repository, image.digest)) await this.cloud.clock.sleep(GUESSES.push);
    this.cloud.registry.put(repository, image, tag, this.cloud.clock.now);
    return { status: 0 };
  }

  private inspect(image: string): Reply {
    const found = this.find(image);
    return found ? { status: 0, out: `"${found.digest}"\n` } : notFound(image);
  }

  private find(image: string): PlayedImage | undefined {
    const { repository, tag = "latest", digest } = imageName(image);
    const { registry } = this.cloud;
    return digest === undefined ? registry.tagged(repository, tag) : registry.image(repository, digest);
  }

  /** Why a registry does not take an image; nothing where it does. */
  private mayPut(
    repository: string,
    tag: string | undefined,
    { digest }: PlayedImage,
    caller: AccessCaller,
    where: string,
  ): Reply | undefined {
    const host = repository.split("/", 1)[0] ?? "";
    if (!this.logins.has(host)) return { status: 1, err: "no basic auth credentials\n" };
    const refused = this.demand(ECR_PUSH, repository, caller, where);
    if (refused) return refused;
    const present = tag === undefined ? undefined : this.cloud.registry.tagged(repository, tag);
    if (present && present.digest !== digest && !this.isMutable(repository)) {
      return {
        status: 1,
        err: `tag invalid: The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the repository is immutable.\n`,
      };
    }
    return undefined;
  }

  private isMutable(repository: string): boolean {
    const name = ecrPlace(repository)?.name;
    if (name === undefined) return true;
    const found = this.cloud.stacks
      .flatMap(({ graph }) => ofType(graph, TYPES.repository))
      .find((one) => physicalName(one) === name);
    return found?.inputs.imageTagMutability === "MUTABLE" || found === undefined;
  }

  private demand(verbs: readonly string[], image: string, caller: AccessCaller, where: string): Reply | undefined {
    const resource = repositoryArn(imageName(image).repository);
    if (resource === undefined) return undefined;
    try {
      for (const verb of verbs) this.cloud.demand({ caller, action: `ecr:${verb}`, resource }, where);
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return { status: 1, err: `denied: ${error.message}\n` };
      throw error;
    }
  }
}

const NOT_PRIVILEGED: Reply = {
  status: 1,
  err: "Cannot connect to the Docker daemon: the build project is not privileged (environment.privilegedMode)\n",
};

function notFound(image: string): Reply {
  return { status: 1, err: `ERROR: ${image}: not found\n` };
}

function option(words: readonly string[], name: string): string | undefined {
  return options(words, name)[0];
}

function options(words: readonly string[], name: string): readonly string[] {
  return words.flatMap((word, index) => {
    if (word === name) return words[index + 1] ?? [];
    return word.startsWith(`${name}=`) ? word.slice(name.length + 1) : [];
  });
}

/** What a Dockerfile begins with: images of registries, no stages of its own and nothing that an argument says. */
function baseImages(file: string): readonly string[] {
  const lines = readFileSync(file, "utf8").matchAll(/^\s*FROM\s+(?:--platform=\S+\s+)?(\S+)/gim);
  return [...lines].flatMap(([, image = ""]) => (image.includes("/") && !image.includes("$") ? [image] : []));
}
