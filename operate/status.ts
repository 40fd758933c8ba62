import { resolve } from "node:path";
import { type CommandStreams, runCommand, type Words } from "./command";
import { servicesNamed, stackPlaceOf } from "./stackPlace";
import { followStack } from "./status/follow";
import { renderStack } from "./status/render";
import { readStack, type StackNow } from "./status/stackNow";
import { isBad, statusVerdictOf } from "./status/verdict";
import { terminalStreams } from "./terminal";

/** What `--help` prints. */
const HELP = `Says what runs: the verdict, then the pipeline, what waits for whom, each service, its traffic, events and why tasks stopped.

  npm run status -- prod             the stack; where a delivery runs, follows it until it ends
  npm run status -- prod api         one service, or several
  npm run status -- prod --once      what is now, without following
  npm run status -- prod --follow    waits for people too, until the delivery has ended
  npm run --silent status -- prod --json
  npm run status -- --help

It reads only, by the AWS SDK and with your own credentials (AWS_PROFILE). What they may not read is said at the end.

Exit code: 0 it runs, or waits for a person; 1 the last delivery failed or was taken back, a service has too few tasks or an
alarm rings, or it cannot be read; 2 a wrong argument.`;

/** Prints what a stack is at, and gives the exit code. */
export function main(
  argv: readonly string[],
  streams: CommandStreams = terminalStreams(),
  root = resolve(__dirname, ".."),
): Promise<number> {
  const options = { once: "boolean", follow: "boolean", json: "boolean" } as const;
  const run = (words: Words) => status(words, streams, root);
  return runCommand(argv, { name: "status", help: HELP, options, run }, streams, root);
}

async function status(words: Words, streams: CommandStreams, root: string): Promise<number> {
  const place = stackPlaceOf(words.stack, root);
  const services = servicesNamed(place, words.services);
  const cloud = streams.cloud(place.region);
  const look = () => readStack(place, services, cloud);
  let now = await look();
  const goesOn = (one: StackNow) => {
    const { word } = statusVerdictOf(one);
    return word === "running" || (word === "waiting" && words.flag("follow"));
  };
  const isToFollow = words.flag("follow") || !(words.flag("once") || words.flag("json"));
  if (isToFollow && goesOn(now)) {
    streams.out(renderStack(now, streams.now()));
    now = await followStack(now, look, { streams, goesOn });
    streams.out("");
  }
  const verdict = statusVerdictOf(now);
  streams.out(words.flag("json") ? JSON.stringify({ verdict, ...now }, null, 2) : renderStack(now, streams.now()));
  return isBad(verdict) ? 1 : 0;
}

if (require.main === module)
  void main(process.argv.slice(2)).then((code) => {
    process.exitCode = code;
  });
