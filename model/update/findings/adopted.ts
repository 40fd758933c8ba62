import type { Finding, RecordedGraph, RecordedResource } from "../../graph/graph";
import { pipelinesOf, variableGiven } from "../../graph/pipelines";
import { arnOf, label, physicalName, TYPES } from "../../graph/resources";
import { belongsTo, ownerOf } from "../owners";
import type { UpdateContext } from "../updateRun";

/** Something that the program does not make any more, and still uses: it would be deleted under whoever uses it. */
export interface Adopted {
  readonly resource: RecordedResource;
  /** Who uses it, as messages say it. */
  readonly user: string;
}

/** Own things that became existing ones, by the name they have already. */
export function adoptedIn({ before, after, runs }: Omit<UpdateContext, "adopted">): readonly Adopted[] {
  const [run] = runs;
  const made = new Set(after.resources.map(({ type, id }) => `${type} ${id ?? ""}`));
  const gone = (run?.played.steps ?? []).flatMap(({ kind, replaces, urn }) => {
    const resource = before.resources.find((one) => one.urn === urn);
    return kind === "delete" &&
      !replaces &&
      resource &&
      !resource.retainOnDelete &&
      !made.has(`${resource.type} ${resource.id ?? ""}`)
      ? [resource]
      : [];
  });
  if (gone.length === 0) return [];
  const texts = after.resources.map((resource) => ({ resource, text: JSON.stringify(resource.inputs) }));
  return gone.flatMap((resource) => {
    const user = userOf(resource, texts) ?? deliversTo(resource, after);
    return user === undefined ? [] : [{ resource, user }];
  });
}

type Text = { readonly resource: RecordedResource; readonly text: string };

/** Whoever has its ARN, or of a repository its name, in a property. Policies may name what is not there. */
function userOf(resource: RecordedResource, texts: readonly Text[]): string | undefined {
  const arn = arnOf(resource);
  const name = resource.type === TYPES.repository ? `repository/${physicalName(resource)}"` : undefined;
  const user = texts.find(({ resource: { type }, text }) =>
    type === TYPES.rolePolicy
      ? name !== undefined && text.includes(name.replace('"', '\\"'))
      : arn?.startsWith("arn:") && text.includes(`"${arn}"`),
  );
  return user && label(user.resource);
}

/** A pipeline that deploys to the service that goes. */
function deliversTo(resource: RecordedResource, after: RecordedGraph): string | undefined {
  if (resource.type !== TYPES.service) return undefined;
  const name = physicalName(resource);
  const pipeline = pipelinesOf(after).find(({ actions }) =>
    actions.some(
      (action) => action.configuration.ServiceName === name || variableGiven(action, "SERVICE_NAME") === name,
    ),
  );
  return pipeline && label(pipeline.resource);
}

/** One finding for each: it is let go, not deleted. */
export function adoptedFindings({ adopted, before, runs }: UpdateContext): readonly Finding[] {
  const steps = runs[0]?.played.steps ?? [];
  const gone = steps.flatMap(({ kind, replaces, before: one }) => (kind === "delete" && !replaces && one ? [one] : []));
  return adopted.map(({ resource, user }) => {
    const also = gone.filter(
      (one) => resource.type === TYPES.service && belongsTo(before, one, ownerOf(before, resource)),
    );
    return {
      level: "error",
      rule: "still-used",
      urn: resource.urn,
      message: `${label(resource)}: the program makes it no more, so pulumi up deletes it, while ${user} still uses it`,
      steps: lettingStay([resource, ...also], before),
    };
  });
}

/** An update that leaves these alone; then nothing depends on them any more, and Pulumi forgets them. */
function lettingStay(resources: readonly RecordedResource[], { stack }: RecordedGraph): readonly string[] {
  const urns = [...new Set(resources.map(({ urn }) => urn))];
  const roots = [...new Set(resources.map(({ urn, parent }) => parent ?? urn))];
  return [
    `pulumi up --stack ${stack} ${urns.map((urn) => `--exclude '${urn}'`).join(" ")}`,
    ...roots.map((urn) => `pulumi state delete --stack ${stack} --force --target-dependents '${urn}'`),
    `pulumi up --stack ${stack}, which has nothing left to do`,
  ];
}
