import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { RESERVED_NAME, STACK_NAME, STACK_NAME_MAX } from "../../components/checks/names";
import { partitionOf } from "../../components/partition";
import { meantWord } from "../../components/settings/meantWord";
import { isObject, type Path } from "./commands";
import { NAMESPACE } from "./namespace";
import type { ConfigProblem } from "./problems";

/** Namespaces of providers and of Pulumi itself. */
const OTHERS = ["aws", "awsx", "aws-native", "pulumi", "pulumiservice", "random", "tls", "docker", NAMESPACE];

/** Regions are made of these. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const REGION = new RegExp(
  "^(?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc-de)-" +
    "(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\\d$",
);

/** A problem of something that is no key of this program: its own words, and whole commands. */
export interface OutsideProblem {
  readonly key: string;
  readonly text: string;
  readonly commands: readonly (readonly string[])[];
}

/** What is wrong with the stack itself: its name, its region, keys under another program's name. */
export function outsideProblems(keys: readonly string[]): OutsideProblem[] {
  return [...nameProblems(pulumi.getStack()), ...regionProblems(), ...namespaceProblems(keys)];
}

function nameProblems(stack: string): OutsideProblem[] {
  if (STACK_NAME.test(stack) && stack.length <= STACK_NAME_MAX && !RESERVED_NAME.test(stack)) return [];
  const better = stack
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(RESERVED_NAME, "")
    .replace(/^[^a-z]+|-$/g, "")
    .slice(0, STACK_NAME_MAX);
  const text =
    `expected 1 to ${STACK_NAME_MAX} lower-case letters, digits and single hyphens, a letter first, because buckets and ` +
    `roles are named after it, and none of the beginnings sg-, sthree- and amzn-s3-demo-, which AWS keeps for itself, got "${stack}"; rename it, with its file: pulumi stack rename ${better || "<name>"}`;
  return [{ key: "the stack's name", text, commands: [] }];
}

function regionProblems(): OutsideProblem[] {
  const region = new pulumi.Config("aws").get("region");
  if (region !== undefined && REGION.test(region)) return [];
  const got = region === undefined ? "it is not set" : `got ${JSON.stringify(region)}`;
  const meant = region === undefined ? undefined : regionMeant(region);
  const command = ["config", "set", "aws:region", meant ?? "<an AWS region like eu-west-1>"];
  return [{ key: "aws:region", text: `expected an AWS region like eu-west-1, ${got}`, commands: [command] }];
}

/** `eu-west1` and `EU-WEST-1` leave no doubt. */
function regionMeant(given: string): string | undefined {
  const plain = given
    .toLowerCase()
    .trim()
    .replaceAll("_", "-")
    .replace(/-?(\d)[a-z]?$/, "-$1");
  return REGION.test(plain) ? plain : undefined;
}

function namespaceProblems(known: readonly string[]): OutsideProblem[] {
  return Object.entries(pulumi.runtime.allConfig()).flatMap(([key, value]): OutsideProblem[] => {
    const [namespace = "", name = ""] = key.split(/:(.*)/s);
    // No setting of a provider has the name of one of this program's.
    const meant = OTHERS.includes(namespace) ? known.find((one) => one === name) : meantWord(name, known);
    if (namespace === NAMESPACE || meant === undefined || (meant !== name && !namespace.includes("delivery")))
      return [];
    const text = `a key of another program; did you mean ${NAMESPACE}:${meant}?`;
    const scalar = !/^[[{]/.test(value);
    return [
      {
        key,
        text,
        commands: [
          ["config", "rm", key],
          ...(scalar ? [["config", "set", "--path", `${NAMESPACE}:${meant}`, value]] : []),
        ],
      },
    ];
  });
}

/** Services whose things a stack can use from another region, or by an ARN without one. */
const ANYWHERE = ["ecr", "codeconnections", "codestar-connections", "secretsmanager", "iam", "s3"];

const networkZones = z.looseObject({
  existing: z.looseObject({ publicSubnets: z.unknown().optional(), privateSubnets: z.unknown().optional() }).optional(),
  availabilityZones: z.unknown().optional(),
});

/** ARNs and zones of another region or partition than the stack's: what they name cannot be used here. */
export function placeProblems(raw: Readonly<Record<string, unknown>>): ConfigProblem[] {
  const region = new pulumi.Config("aws").get("region");
  if (region === undefined || !REGION.test(region)) return [];
  const here = Object.fromEntries(
    Object.entries(raw).filter(([key]) => key !== "releaseTo" && key !== "artifactReplica"),
  );
  const network = networkZones.safeParse(raw.network).data;
  const zones: [Path, string][] = [
    ...(["publicSubnets", "privateSubnets"] as const).flatMap((key) =>
      keysOf(network?.existing?.[key]).map((zone): [Path, string] => [["network", "existing", key, zone], zone]),
    ),
    ...textsIn(network?.availabilityZones, ["network", "availabilityZones"]),
  ];
  return [
    ...textsIn(here, []).flatMap(([path, text]) => arnProblem(path, text, region)),
    ...zones.flatMap(([path, zone]) => zoneProblem(path, zone, region)),
  ];
}

function arnProblem(path: Path, text: string, region: string): ConfigProblem[] {
  const [, partition = "", service = "", where = ""] = /^arn:([a-z-]+):([a-z0-9-]+):([a-z0-9-]*):/.exec(text) ?? [];
  if (partition === "") return [];
  const wrong =
    partition !== partitionOf(region)
      ? `an ARN of partition ${partitionOf(region)}, where ${region} is`
      : where !== "" && where !== region && !ANYWHERE.includes(service)
        ? `something in ${region}, where the stack is`
        : undefined;
  return wrong === undefined
    ? []
    : [{ path, text: `expected ${wrong}, got ${JSON.stringify(text)}`, fixes: [{ path, needs: wrong }] }];
}

function zoneProblem(path: Path, zone: string, region: string): ConfigProblem[] {
  if (!/^[a-z-]+-\d[a-z]$/.test(zone) || zone.slice(0, -1) === region) return [];
  const needs = `a zone of ${region}, where the stack is`;
  const text = `expected ${needs}, got ${JSON.stringify(zone)}`;
  const inMap = typeof path.at(-1) === "string";
  const to = inMap ? [...path.slice(0, -1), `<${needs}>`] : path;
  return [
    {
      path,
      text,
      fixes: [...(inMap ? [{ path, remove: true } as const] : []), { path: to, needs: inMap ? "its subnet" : needs }],
    },
  ];
}

function keysOf(value: unknown): string[] {
  return isObject(value) ? Object.keys(value) : [];
}

function textsIn(value: unknown, path: Path): [Path, string][] {
  if (typeof value === "string") return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key])) : [];
}
