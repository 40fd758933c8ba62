const OFFSET = /^UTC(?:[+-](?:0\d|1[0-4]):[0-5]\d)?$/;
const REGION = /^[A-Z][A-Za-z]+\/[A-Z][A-Za-z]*(?:[_-][A-Za-z]+)*$/;

/**
 * What is wrong with a time zone. Abbreviations are refused: CST is a zone in three countries.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html
 */
export function checkTimeZone(zone: string): string | undefined {
  if (OFFSET.test(zone) || (REGION.test(zone) && isKnown(zone))) return undefined;
  return `expected Region/City like Europe/Paris, or UTC with or without an offset like UTC+02:00, got "${zone}"`;
}

/** Intl takes any case, AWS does not: where Intl gives the name back, it is in the case that AWS takes. */
function isKnown(zone: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
    return timeZone === zone || timeZone.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}
