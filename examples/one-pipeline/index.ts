import { deployStack } from "../../stacks/environment";
import { profiles } from "../../stacks/profiles";
import { shop } from "./shop";

export = () => deployStack({ ...profiles, shop });
