import type { Place } from "../components/arn";
import type { BuildKind } from "../components/build/kind";
import type { RoleRef } from "../components/refs";
import type { StackConfig } from "./config/load";
import { existingRef } from "./existing";

/** Roles that exist, by what runs in them. @default - one is created for each project */
export type BuildRoles = Readonly<Partial<Record<BuildKind, RoleRef>>>;

/** What stack config says of the roles of builds. */
type GivenRoles = Pick<StackConfig, "buildRole" | "testRole" | "confirmRole" | "releaseRole">;

/** The names of the roles that builds of a stack run in, by what runs there; none where one is created for each project. */
export function buildRoleNames({ buildRole, testRole = buildRole, confirmRole = buildRole, releaseRole }: GivenRoles) {
  const named = (role: GivenRoles["testRole"]) => (role === "created" ? undefined : role?.existing);
  return { test: named(testRole), build: named(buildRole), release: named(releaseRole), confirm: named(confirmRole) };
}

/** The roles that stack config names. */
export function buildRoles(given: GivenRoles, place: Place): BuildRoles {
  const { test, build, release, confirm } = buildRoleNames(given);
  const ref = (name: string | undefined) => (name === undefined ? undefined : existingRef("role", name, place));
  return { test: ref(test), build: ref(build), release: ref(release), confirm: ref(confirm) };
}

/** The roles, each once: one may be there for several kinds. */
export function distinctRoles(given: GivenRoles, place: Place): readonly RoleRef[] {
  const names = Object.values(buildRoleNames(given)).flatMap((name) => name ?? []);
  return [...new Set(names)].map((name) => existingRef("role", name, place));
}
