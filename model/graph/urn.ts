/** Whose resources they are. */
interface Owner {
  readonly project: string;
  readonly stack: string;
}

/** A URN as the engine writes it: the types of all ancestors but the stack, then the type. */
export function urnOf({ project, stack }: Owner, parent: string, type: string, name: string): string {
  const above = parent.split("::")[2] ?? "";
  const chain = above === "" || above === "pulumi:pulumi:Stack" ? type : `${above}$${type}`;
  return `urn:pulumi:${stack}::${project}::${chain}::${name}`;
}
