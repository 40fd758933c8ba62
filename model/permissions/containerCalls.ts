import { mapOf, mapsOf, textOf } from "../graph/read";
import type { ArnPlace } from "../graph/resources";
import { secretCalls } from "./calls";
import type { Calls } from "./need";

type Container = Readonly<Record<string, unknown>>;

/** Names and ARNs of what ECS hands to a container as secrets: its variables, and options of its log driver. */
export function secretsOf(container: Container): readonly string[] {
  const given = [...mapsOf(container.secrets), ...mapsOf(mapOf(container.logConfiguration).secretOptions)];
  return given.flatMap(({ valueFrom }) => textOf(valueFrom) ?? []);
}

/** What ECS reads for a container before it starts: secrets, and files of variables. */
export function containerReads(container: Container, place: ArnPlace): readonly Calls[] {
  const files = mapsOf(container.environmentFiles).flatMap(({ value }) => textOf(value) ?? []);
  return [
    ...secretsOf(container).map((secret) => secretCalls(secret, place)),
    ...files.flatMap((file) => [
      { actions: ["s3:GetObject"], resources: [file] },
      { actions: ["s3:GetBucketLocation"], resources: [file.split("/", 1)[0] ?? file] },
    ]),
  ];
}
