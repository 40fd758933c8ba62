import { jsonOf, mapOf, textOf } from "../../model/graph/read";
import type { Asking } from "../asking";
import type { PlacedService } from "../stackPlace";

/** The image that was delivered of a commit, as it was recorded; nothing where SSM has forgotten it. */
export async function imageOfCommit(
  { name, record }: PlacedService,
  commit: string | undefined,
  asking: Asking,
): Promise<string | undefined> {
  if (record === undefined || commit === undefined) return undefined;
  let found: string | undefined;
  let token: string | undefined;
  do {
    const page = await asking.read("getParameterHistory", `service ${name}`, (cloud) =>
      cloud.getParameterHistory({ Name: record, MaxResults: 50, NextToken: token }),
    );
    for (const { Value } of page?.Parameters ?? []) {
      const text = mapOf(jsonOf(Value));
      if (textOf(text.commit) === commit) found = textOf(text.image);
    }
    token = page?.NextToken;
  } while (token !== undefined);
  return found;
}
