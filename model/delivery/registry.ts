import { createHash } from "node:crypto";

/** An image in a repository. */
export interface Image {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Seconds since the start; negative for what was there before. */
  readonly pushedAt: number;
  /** CPU architecture it was built for; of an index all of them. */
  readonly architecture: string;
  readonly mediaType: string;
}

/** What a Docker engine has that builds: nothing of it is in a repository. */
export interface PlayedImage {
  readonly digest: string;
  readonly architecture: string;
}

/** A tag that was set while the rehearsal ran. */
export interface PushedTag {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

const MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";

/** Image repositories, in ECR and elsewhere, by `<registry>/<name>`. */
export class Registry {
  private readonly repositories = new Map<string, Image[]>();
  private built = 0;
  private readonly pushed: PushedTag[] = [];

  /** The tags that were set since the start, in their order. */
  get pushedTags(): readonly PushedTag[] {
    return this.pushed;
  }

  /** The images of a repository. */
  images(repository: string): readonly Image[] {
    return this.repositories.get(repository) ?? [];
  }

  /** The image that a tag stands for. */
  tagged(repository: string, tag: string): Image | undefined {
    return this.images(repository).find(({ tags }) => tags.includes(tag));
  }

  /** The image of a digest. */
  image(repository: string, digest: string): Image | undefined {
    return this.images(repository).find((image) => image.digest === digest);
  }

  /** Puts an image into a repository, or gives one that is there another tag. A tag that it takes from another moves. */
  put(repository: string, { digest, architecture }: PlayedImage, tag: string | undefined, pushedAt: number): void {
    const others = this.images(repository)
      .filter((image) => image.digest !== digest)
      .map((image) => ({ ...image, tags: image.tags.filter((one) => one !== tag) }));
    const before = this.image(repository, digest);
    if (tag !== undefined && pushedAt >= 0 && !before?.tags.includes(tag))
      this.pushed.push({ repository, tag, digest });
    const tags = [...new Set([...(before?.tags ?? []), ...(tag === undefined ? [] : [tag])])];
    const image = { digest, tags, architecture, mediaType: MEDIA_TYPE, pushedAt: before?.pushedAt ?? pushedAt };
    this.repositories.set(repository, [...others, image]);
  }

  /** A digest that no image has yet: no two builds are alike. */
  newDigest(what: string): string {
    this.built += 1;
    return `sha256:${createHash("sha256").update(`${what} ${this.built}`).digest("hex")}`;
  }
}
