import { runStacks } from "../preview/record/runStack";

/** Previews the stack of a folder, without printing it. */
async function benchServices(folder: string): Promise<void> {
  const [result] = await runStacks(folder, ["dev"]);
  const wrong = result?.graph ? result.findings.filter(({ level }) => level === "error") : ["there is no graph"];
  if (wrong.length > 0) throw new Error(JSON.stringify(result?.trace ?? result?.findings));
}

void benchServices(process.argv[2] ?? ".");
