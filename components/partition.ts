/** The partition of a region: what ARNs in it begin with. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  if (region.startsWith("eusc-")) return "aws-eusc";
  const [, iso = ""] = /^(?:us|eu)-(iso[a-z]?)-/.exec(region) ?? [];
  return iso === "" ? "aws" : `aws-${iso === "isoe" ? "iso-e" : iso.replace(/^iso(\w)$/, "iso-$1")}`;
}
