import { jsonOf, mapsOf, textOf, type Values } from "../graph/read";

/** A revision of a task definition, as ECS keeps it. */
export interface TaskRevision {
  /** `arn:...:task-definition/<family>:<number>` */
  readonly arn: string;
  readonly containers: readonly Values[];
  /** Everything else that was registered, in ECS's words. */
  readonly settings: Values;
  readonly isActive: boolean;
}

/** Task definitions, family by family. */
export class Revisions {
  private readonly all = new Map<string, TaskRevision>();
  private readonly last = new Map<string, number>();

  /** Registers a revision of a family. @param family its ARN, without a number */
  register(family: string, containers: readonly Values[], settings: Values): TaskRevision {
    const number = (this.last.get(family) ?? 0) + 1;
    this.last.set(family, number);
    const revision = { arn: `${family}:${number}`, containers, settings, isActive: true };
    this.all.set(revision.arn, revision);
    return revision;
  }

  /** A revision, by ARN. */
  get(arn: string): TaskRevision | undefined {
    return this.all.get(arn);
  }

  /** The active revisions of a family, newest first. */
  active(family: string): readonly TaskRevision[] {
    return [...this.all.values()]
      .filter(({ arn, isActive }) => isActive && familyOf(arn) === family)
      .sort((one, other) => numberOfRevision(other.arn) - numberOfRevision(one.arn));
  }

  /** Deregisters a revision: what runs goes on, nothing new starts from it. */
  deregister(arn: string): TaskRevision | undefined {
    const revision = this.all.get(arn);
    if (revision) this.all.set(arn, { ...revision, isActive: false });
    return revision;
  }
}

/** The family of a revision: its ARN without the number. */
export function familyOf(revisionArn: string): string {
  return revisionArn.replace(/:\d+$/, "");
}

function numberOfRevision(arn: string): number {
  return Number(/\d+$/.exec(arn)?.[0] ?? 0);
}

/** `<family>:<number>`, as people write it. */
export function shortRevision(arn: string): string {
  return arn.split("/").at(-1) ?? arn;
}

/** The image of one container of a revision. */
export function imageIn({ containers }: Pick<TaskRevision, "containers">, name: string): string | undefined {
  return textOf(containers.find((container) => container.name === name)?.image);
}

/** Container definitions from the JSON text that carries them. */
export function containersIn(text: unknown): readonly Values[] {
  return mapsOf(jsonOf(text));
}
