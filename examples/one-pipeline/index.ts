import { deployStack } from "../../stacks/environment";
import { profiles } from "../../stacks/profiles";
import { shopStack } from "./shop";

export = () => deployStack({ ...profiles, shop: shopStack });
