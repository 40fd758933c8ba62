import { runStacks } from "../preview/record/runStack";

/** Records and checks a stack of a folder anew, without printing it. */
async function benchServices(folder: string, stack: string): Promise<void> {
  const [result] = await runStacks(folder, [stack]);
  const wrong = result?.graph ? result.findings.filter(({ level }) => level === "error") : ["there is no graph"];
  if (wrong.length > 0) throw new Error(JSON.stringify(result?.trace ?? result?.findings));
}

const [, , folder = ".", stack = "dev"] = process.argv;
void benchServices(folder, stack);
