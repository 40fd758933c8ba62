import { deployStack } from "./stacks/environment";

// A function, so that the program runs once configuration is there: the engine and the offline preview both call it.
export = deployStack;
