import { PolicyPack } from "@pulumi/policy";
import { rules } from "../preview/rules";
import { packOf } from "./policies";

new PolicyPack("ecs-delivery", { policies: packOf(rules) });
