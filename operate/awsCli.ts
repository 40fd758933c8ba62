import { spawnSync } from "node:child_process";
import { UsageError } from "../preview/arguments";

/** How a call of the AWS command line ended. */
export interface AwsReply {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Calls AWS as whoever asks. */
export type AwsCli = (words: readonly string[]) => AwsReply;

/** The AWS command line on this machine, with the credentials that it finds. */
export const awsCli: AwsCli = (words) => {
  const { error, status, stdout, stderr } = spawnSync("aws", words, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  if (error)
    throw new UsageError(`cannot run the AWS command line (aws): ${error.message}; install version 2, and log in`);
  return { status: status ?? 1, out: stdout, err: stderr };
};
