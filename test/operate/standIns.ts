import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AwsCalls } from "../../operate/cloud";
import type { CommandStreams } from "../../operate/command";
import { ROOT } from "../support/stack";

/** Recorded answers, by call: one for all times, or what a function says of each. */
export type Answers = Partial<AwsCalls>;

/** What AWS throws, by its code. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name });
}

/** AWS's words for what a role may not. */
export function deniedCall(action: string): Error {
  const who = "arn:aws:sts::123456789012:assumed-role/developer/jane";
  const why = "because no identity-based policy allows the action";
  return awsError(
    "AccessDeniedException",
    `User: ${who} is not authorized to perform: ${action} on resource: x ${why}`,
  );
}

/** A call that nobody expected answers like a thing that is not there. */
const EMPTY: AwsCalls = {
  describeServices: async () => ({ services: [] }),
  listServiceDeployments: async () => ({ serviceDeployments: [] }),
  describeServiceDeployments: async () => ({ serviceDeployments: [] }),
  describeTaskDefinition: async () => ({}),
  listTasks: async () => ({ taskArns: [] }),
  describeTasks: async () => ({ tasks: [] }),
  getPipelineState: async () => Promise.reject(awsError("PipelineNotFoundException")),
  listPipelineExecutions: async () => Promise.reject(awsError("PipelineNotFoundException")),
  rollbackStage: async () => Promise.reject(awsError("PipelineNotFoundException")),
  describeTargetGroups: async () => ({ TargetGroups: [] }),
  describeListeners: async () => ({ Listeners: [] }),
  describeRules: async () => ({ Rules: [] }),
  getParameter: async () => Promise.reject(awsError("ParameterNotFound")),
  getParameterHistory: async () => ({ Parameters: [] }),
  describeAlarms: async () => ({ MetricAlarms: [] }),
  getLogEvents: async () => ({ events: [] }),
  filterLogEvents: async () => ({ events: [] }),
};

/** The time that it is. */
export const NOW = new Date("2026-11-27T12:00:00Z");

/** So many minutes before. */
export function minutesAgo(minutes: number): Date {
  return new Date(NOW.getTime() - minutes * 60_000);
}

/** Runs a command against recorded answers, in a folder with stack files. */
export async function runRecorded<More = object>(
  command: (argv: readonly string[], streams: CommandStreams & More, root: string) => Promise<number>,
  argv: readonly string[],
  answers: Answers,
  { more, files = {} }: { readonly more: More; readonly files?: Readonly<Record<string, string>> },
): Promise<{ readonly code: number; readonly printed: string; readonly slept: number }> {
  const folder = mkdtempSync(join(tmpdir(), "operate-"));
  const printed: string[] = [];
  let slept = 0;
  try {
    for (const file of ["Pulumi.yaml", "Pulumi.prod.yaml"]) cpSync(join(ROOT, file), join(folder, file));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    const streams: CommandStreams = {
      out: (text) => printed.push(text),
      err: (text) => printed.push(text),
      cloud: () => ({ ...EMPTY, ...answers }),
      now: () => NOW,
      sleep: async () => {
        slept += 1;
        if (slept > 50) throw new Error("it never ends");
      },
    };
    const code = await command(argv, { ...streams, ...more }, folder);
    return { code, printed: printed.join("\n"), slept };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
