import { execute, type StateMachine } from "../../model/delivery/states";

/** How one call of a task ends. */
export type TaskReply = { readonly result: unknown } | { readonly error: string };

/** What the tasks are told, by `Resource`: one reply after the other, the last again and again. */
export type Script = Readonly<Record<string, readonly TaskReply[]>>;

/** A call that a task made. */
export interface TaskCall {
  readonly state: string;
  readonly resource: string;
  readonly parameters: unknown;
}

/** How a state machine went through its states. */
export interface PlayedStates {
  readonly status: "SUCCEEDED" | "FAILED";
  /** Name of the error that ended it. @default - it succeeded */
  readonly error?: string;
  /** Every attempt, also those that failed. */
  readonly calls: readonly TaskCall[];
  /** States in the order they were entered. */
  readonly path: readonly string[];
  /** Waiting, and pausing before retries. */
  readonly seconds: number;
}

/** Runs a state machine on an input, without waiting, with the replies of a script. */
export async function playStates(definition: object, input: unknown, script: Script): Promise<PlayedStates> {
  const calls: TaskCall[] = [];
  let seconds = 0;
  const ended = await execute(definition as StateMachine, input, {
    wait: (length) => {
      seconds += length;
      return Promise.resolve();
    },
    call: (resource, parameters, state) => {
      const used = calls.filter((call) => call.resource === resource).length;
      calls.push({ state, resource, parameters });
      const reply = script[resource]?.[used] ?? script[resource]?.at(-1);
      if (!reply) throw new Error(`no reply for ${resource}`);
      return "error" in reply ? { error: reply.error } : reply.result;
    },
  });
  return { ...ended, calls, seconds };
}
