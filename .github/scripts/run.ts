/** Something that whoever set up the workflows can mend; shown without a stack trace. */
export class SetUpError extends Error {}

/** Where a script reads from and writes to. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The surroundings of a job. */
export function job(): Surroundings {
  return {
    env: process.env,
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** Runs a script's work and makes its result the exit code: 2 for what has to be set up, 1 for what went wrong. */
export async function run(work: () => Promise<number> | number, { err }: Surroundings): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SetUpError) {
      err(error.message);
      return 2;
    }
    err(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  }
}

/** A variable that the job must have. */
export function needed({ env }: Surroundings, name: string): string {
  const value = env[name];
  if (!value) throw new SetUpError(`${name}: expected a value, it is not set`);
  return value;
}
