import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type Call, calledWith, type StandInAnswer } from "./shell";

/** A tag of a repository, and the digest that it comes to stand for. */
export interface Tagged {
  /** `<registry>/<repository>` */
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";
const NOT_IN_ECR = "An error occurred (ImageNotFoundException) when calling the DescribeImages operation: not found";

/** Image repositories, in ECR and at Docker Hub: what builds are told of them, and what builds do to them. */
export class Registries {
  /** `<repository>:<tag>` of every image that was built, in order. */
  readonly built: string[] = [];
  private readonly tags = new Map<string, Tagged>();
  /** What a build has, and nobody else. */
  private readonly local = new Map<string, string>();

  /** Somebody tags an image. Tags never move. */
  tag({ repository, tag, digest }: Tagged): void {
    const before = this.digest(repository, tag);
    assert.ok(before === undefined || before === digest, `${repository}:${tag} moves to ${digest}`);
    this.tags.set(`${repository}:${tag}`, { repository, tag, digest });
  }

  /** The digest that a tag stands for. */
  digest(repository: string, tag: string): string | undefined {
    return this.tags.get(`${repository}:${tag}`)?.digest;
  }

  /** All tags in a repository. */
  tagsIn(repository: string): string[] {
    return [...this.tags.values()].filter((one) => one.repository === repository).map(({ tag }) => tag);
  }

  /** Tags of an image in a repository, sorted. */
  tagsOf(repository: string, digest: string): string[] {
    const found = [...this.tags.values()].filter((one) => one.repository === repository && one.digest === digest);
    return found.map(({ tag }) => tag).sort();
  }

  /** The digest of the next image that is built: another one each time, as no two builds are alike. */
  nextDigest(reference: string): string {
    return `sha256:${createHash("sha256").update(`${reference} ${this.built.length}`).digest("hex")}`;
  }

  /** Answers for a build that asks for a tag so many times, makes it where it is missing, and asks again. */
  answers(wanted: Tagged, times: number): StandInAnswer[] {
    const known = [...this.tags.values()].map((one) => ({ when: asking(one), stdout: answer(one) }));
    const missing = isEcr(wanted.repository) ? NOT_IN_ECR : `ERROR: ${wanted.repository}:${wanted.tag}: not found`;
    return [
      ...known,
      ...[...this.tags.values()].map((one) => ({ when: resolving(one), stdout: answer(one) })),
      { when: "^aws ecr batch-get-image .*imageTag=", stdout: "None\n" },
      { when: asking(wanted), stderr: `${missing}\n`, status: 254, times },
      { when: asking(wanted), stdout: answer(wanted) },
      { when: "^aws ecr describe-images .*imagePushedAt", stdout: "null\n" },
      { when: "^aws ecr get-login-password ", stdout: "a password for an hour\n" },
      { when: "^aws ecr batch-get-image .*imageManifestMediaType", stdout: `${MEDIA_TYPE}\n` },
      { when: "^aws ecr batch-get-image .*imageManifest ", stdout: "{}\n" },
      { when: "^aws ecr put-image ", stdout: "tagged\n" },
      { when: "^docker (login|build|push|buildx imagetools create) " },
    ];
  }

  /** What a call changes. */
  apply(call: Call): void {
    const { argv } = call;
    const after = (flag: string) => argv[argv.indexOf(flag) + 1] ?? "";
    const [last = ""] = argv.slice(-1);
    const verb = calledWith(call);
    if (verb.startsWith("docker build ")) {
      this.local.set(after("--tag"), this.nextDigest(after("--tag")));
      this.built.push(after("--tag"));
    } else if (verb.startsWith("docker push ")) {
      this.put(last, this.local.get(last));
    } else if (verb.startsWith("docker buildx imagetools create ")) {
      this.put(after("--tag"), this.digestIn(last));
    } else if (verb.startsWith("aws ecr put-image ")) {
      const repository = `${hostOf(after("--registry-id"), after("--region"))}/${after("--repository-name")}`;
      this.put(`${repository}:${after("--image-tag")}`, this.digestIn(`${repository}@${after("--image-digest")}`));
    }
  }

  private put(reference: string, digest: string | undefined): void {
    assert.ok(digest !== undefined, `${reference}: there is no such image`);
    // A copy by digest sets no tag.
    if (reference.includes("@")) return;
    const [repository = "", tag = ""] = reference.split(/:(?=[^/]*$)/);
    this.tag({ repository, tag, digest });
  }

  private digestIn(image: string): string | undefined {
    const [repository = "", digest = ""] = image.split("@");
    return this.tagsOf(repository, digest).length > 0 ? digest : undefined;
  }
}

function hostOf(account: string, region: string): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com`;
}

function isEcr(repository: string): boolean {
  return repository.includes(".dkr.ecr.");
}

/** Regular expression of the question for a tag. */
function asking({ repository, tag }: Tagged): string {
  const name = repository.slice(repository.indexOf("/") + 1);
  return isEcr(repository)
    ? `^aws ecr describe-images .*--repository-name ${name} --image-ids imageTag=${tag} `
    : `^docker buildx imagetools inspect .* ${repository}:${tag}$`;
}

/** The question for the digest of a tag that another build has pushed. */
function resolving({ repository, tag }: Tagged): string {
  const name = repository.slice(repository.indexOf("/") + 1);
  return `^aws ecr batch-get-image .*--repository-name ${name} --image-ids imageTag=${tag} .*imageDigest `;
}

function answer({ repository, digest }: Tagged): string {
  return isEcr(repository) ? `${digest}\n` : `"${digest}"\n`;
}
