import type { Input } from "@pulumi/pulumi";
import type { Place } from "../components/arn";
import { containerSecrets } from "../components/service/container";
import type { SecretReader } from "../components/storage/encryptionKey";
import { buildRoleNames } from "./buildRoles";
import type { ServiceConfig, StackConfig } from "./config/load";
import { existingRef } from "./existing";

type Given = StackConfig["secretsKey"];

/** The keys that secrets are encrypted with: those of a service or a test, else the stack's. */
export function secretsKeys(
  own: Given,
  { secretsKey }: Pick<StackConfig, "secretsKey">,
  created: () => Input<string>,
): readonly Input<string>[] | undefined {
  const given = own ?? secretsKey;
  return given && listed(given).map((key) => (key === "created" ? created() : key.existing));
}

function listed(given: NonNullable<Given>) {
  return Array.isArray(given) ? given : [given];
}

function isCreated(own: Given, { secretsKey }: StackConfig): boolean {
  const given = own ?? secretsKey;
  return given !== undefined && listed(given).includes("created");
}

/** Roles that exist and read secrets which the stack's own key encrypts: what they may do does not name that key. */
export function secretReaders(config: StackConfig, place: Place): readonly SecretReader[] {
  const { test, build, release } = buildRoleNames(config);
  const { services, tests = [], releaseTo } = config;
  const found = [
    ...services.flatMap((service): [string | undefined, readonly string[]][] => {
      if (!isCreated(service.secretsKey, config)) return [];
      const tag = service.tagParameter ?? [];
      const parameters = Object.values(service.parameters ?? {});
      const released = releaseTo?.services?.[service.name]?.tagParameter ?? [];
      return [
        [service.service ? undefined : service.executionRole?.existing, secretsOfTasks(service)],
        [build, [...parameters, ...credentialsIn(service), ...[tag].flat()]],
        [test, service.unitTests ? parameters : []],
        [release, releaseTo ? [...credentialsIn(service), ...[released].flat()] : []],
      ];
    }),
    ...tests.map((one): [string | undefined, readonly string[]] => [
      test,
      isCreated(one.secretsKey, config) ? Object.values(one.parameters ?? {}) : [],
    ]),
  ];
  const names = [...new Set(found.flatMap(([name]) => name ?? []))];
  return names.flatMap((name) => {
    const secrets = [...new Set(found.flatMap(([role, secrets]) => (role === name ? secrets : [])))];
    return secrets.length > 0 ? [{ role: existingRef("role", name, place), secrets }] : [];
  });
}

function secretsOfTasks({ container, sidecars = [], repository }: ServiceConfig): string[] {
  const pull = repository && "registry" in repository ? (repository.pullSecret ?? []) : [];
  return [...[pull].flat(), ...containerSecrets([container, ...sidecars])];
}

function credentialsIn({ repository }: ServiceConfig): string[] {
  return repository && "registry" in repository ? [repository.username, repository.password] : [];
}
