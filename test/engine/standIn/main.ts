import { main } from "@pulumi/pulumi/provider";
import { StandInAws } from "./awsProvider";
import { StandInAwsx } from "./awsxProvider";

// The engine starts it as a plugin: the first argument says which, the rest is the engine's.
const [which, ...args] = process.argv.slice(2);
void main(which === "awsx" ? new StandInAwsx() : new StandInAws(process.env.STAND_IN_CLOUD ?? ""), args);
