import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changesPage } from "./changes/page";
import { configReference } from "./configReference";
import { editorSchemas } from "./editorSchema";
import { policiesPage } from "./policiesPage";
import { DECLARED_TABLE, renewedTable } from "./replacements";
import { scalePage } from "./scale/page";
import { isStale, readSurvey, type ScaleSurvey, takeSurvey, writeSurvey } from "./scale/survey";
import { securityPage } from "./security/page";

/**
 * Writes what is generated: the references of configuration and of changes, the schemas that stack files name, and what
 * replaces a resource; a test says when one is stale.
 */
async function writeDocs(): Promise<void> {
  write("docs/configuration.md", configReference());
  for (const [file, schema] of Object.entries(editorSchemas())) write(file, `${JSON.stringify(schema, null, 2)}\n`);
  write(DECLARED_TABLE, renewedTable(readFileSync(join(__dirname, "..", DECLARED_TABLE), "utf8")));
  write("docs/policies.md", policiesPage());
  write("docs/security.md", await securityPage());
  write("docs/changes.md", await changesPage());
  write("docs/scale.md", await scalePage(await surveyed()));
}

/** What was recorded of the made-up stacks; recorded anew, which takes minutes, where a few of them are others now. */
async function surveyed(): Promise<ScaleSurvey> {
  const known = readSurvey();
  if (known && !(await isStale(known))) return known;
  const survey = await takeSurvey((text) => console.log(text));
  writeSurvey(survey);
  return survey;
}

function write(file: string, text: string): void {
  writeFileSync(join(__dirname, "..", file), text);
  console.log(`wrote ${file}`);
}

void writeDocs();
