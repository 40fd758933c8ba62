import type { Container, Sidecar } from "./container";
import { fieldProblem } from "./containerFields";

/** What does not go together in the containers of a task: where it stands, and what is expected there. */
export interface TogetherProblem {
  readonly path: readonly PropertyKey[];
  readonly expected: string;
}

/** What is asked of containers here. */
type Asked = Pick<
  Container,
  "name" | "port" | "otherPorts" | "dependsOn" | "logConfiguration" | "healthCheck" | "definition"
>;
type AskedSidecar = Omit<Asked, "port" | "otherPorts"> &
  Pick<Sidecar, "essential" | "startsFirst" | "firelensConfiguration">;

/**
 * What ECS would refuse of containers that wait for one another, or hand their lines to one another.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export function togetherProblems(container: Asked, sidecars: readonly AskedSidecar[] = []): readonly TogetherProblem[] {
  const all = [
    { one: container, at: ["container"] as readonly PropertyKey[], essential: true },
    ...sidecars.map((one, index) => ({ one, at: ["sidecars", index] as const, essential: one.essential ?? true })),
  ];
  const routers = sidecars.filter(({ firelensConfiguration }) => firelensConfiguration !== undefined);
  const problems = all.flatMap(({ one, at }): TogetherProblem[] =>
    Object.entries(one.dependsOn ?? {}).flatMap(([name, condition]) => {
      const other = all.find((candidate) => candidate.one.name === name);
      const expected = dependencyProblem(one.name, name, condition, other);
      return expected === undefined ? [] : [{ path: [...at, "dependsOn", name], expected }];
    }),
  );
  const unrouted = all
    .filter(({ one }) => one.logConfiguration?.logDriver === "awsfirelens" && routers.length === 0)
    .map(({ at }) => ({
      path: [...at, "logConfiguration", "logDriver"],
      expected: "awslogs or splunk: no sidecar has a firelensConfiguration that would take the lines",
    }));
  const self = sidecars.flatMap((one, index) =>
    one.firelensConfiguration && one.logConfiguration?.logDriver === "awsfirelens" && routers.length > 0
      ? [
          {
            path: ["sidecars", index, "logConfiguration", "logDriver"],
            expected: "awslogs: it routes the lines itself",
          },
        ]
      : [],
  );
  const twice = (container.otherPorts ?? []).indexOf(container.port ?? -1);
  const ports =
    twice < 0
      ? []
      : [{ path: ["container", "otherPorts", twice], expected: `another port than port, ${String(container.port)}` }];
  const fields = all.flatMap(({ one, at }) =>
    Object.keys(one.definition ?? {}).flatMap((field) => {
      const expected = fieldProblem(field);
      return expected === undefined ? [] : [{ path: [...at, "definition", field], expected }];
    }),
  );
  return [...problems, ...fields, ...circle(all.map(({ one }) => one)), ...unrouted, ...self, ...ports];
}

function dependencyProblem(
  self: string,
  name: string,
  condition: string,
  other: { readonly one: Asked | AskedSidecar; readonly essential: boolean } | undefined,
): string | undefined {
  if (other === undefined || name === self) return `the name of another container of the task`;
  if (condition === "HEALTHY" && other.one.healthCheck === undefined) {
    return `START: ${name} has no healthCheck that could say it is healthy`;
  }
  const ends = condition === "COMPLETE" || condition === "SUCCESS";
  return ends && other.essential ? `START or HEALTHY: ${name} is essential, and the task ends when it does` : undefined;
}

/** Containers that wait for one another for ever. */
function circle(all: readonly (Asked | AskedSidecar)[]): readonly TogetherProblem[] {
  const [main] = all;
  const waits = new Map(all.map((one) => [one.name, Object.keys(one.dependsOn ?? {})]));
  const first = all.flatMap((one) => ("startsFirst" in one && one.startsFirst ? [one.name] : []));
  if (main) waits.set(main.name, [...(waits.get(main.name) ?? []), ...first]);
  for (const [index, { name }] of all.entries()) {
    const seen = new Set<string>();
    const next = [...(waits.get(name) ?? [])];
    for (let at = next.pop(); at !== undefined; at = next.pop()) {
      if (at === name && waits.get(name)?.includes(name) !== true) {
        const path = index === 0 ? ["container", "dependsOn"] : ["sidecars", index - 1, "dependsOn"];
        return [{ path, expected: `nothing that waits for ${name} in its turn` }];
      }
      if (!seen.has(at)) next.push(...(waits.get(at) ?? []));
      seen.add(at);
    }
  }
  return [];
}
