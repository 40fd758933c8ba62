import * as pulumi from "@pulumi/pulumi";
import { deployStack } from "../../stacks/environment";
import { deploySharedProjects } from "../../stacks/sharedProjects";

// `pulumi up -s shared` makes the build projects once; the pipelines of dev, qa and prod refer to them by name.
export = () => (pulumi.getStack() === "shared" ? deploySharedProjects() : deployStack());
