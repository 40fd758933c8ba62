import { deployStack } from "../../stacks/environment";

export = deployStack;
