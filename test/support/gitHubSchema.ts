import { spawnSync } from "node:child_process";
import { ROOT } from "./stack";

/** GitHub's own parser is an ES module, made for bundlers: it runs beside the tests, and Node is told that JSON is JSON. */
const PROGRAM = `
import { register } from "node:module";
const hooks = "export const load = (url, context, next) => next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context);";
register("data:text/javascript," + encodeURIComponent(hooks));
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import("@actions/workflow-parser");
let text = "";
for await (const part of process.stdin) text += part;
const { context, value } = parseWorkflow({ name: "delivery.yml", content: text }, new NoOperationTraceWriter());
if (value) await convertWorkflowTemplate(context, value);
console.log(JSON.stringify(context.errors.getErrors().map(({ message }) => message)));
`;

/** What GitHub's own parser says of a workflow. */
export function gitHubProblems(text: string): readonly string[] {
  const run = spawnSync(process.execPath, ["--input-type=module", "--eval", PROGRAM], { cwd: ROOT, input: text });
  if (run.status !== 0) throw new Error(`@actions/workflow-parser does not run (npm ci?): ${run.stderr.toString()}`);
  return JSON.parse(run.stdout.toString()) as readonly string[];
}
