import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import type { BuildProjectArgs } from "./args";

const VARIABLE = { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, max: 255, expected: "letters, digits and _, no digit first" };
const IMAGE = { pattern: /^[^\s@:]\S*$/, max: 1000, expected: "a build image, for example aws/codebuild/standard:7.0" };

/** What of a `BuildProject`'s arguments CodeBuild would refuse. */
export function checkProject(args: BuildProjectArgs): Problems {
  const { parameters = {}, environment = {}, role, roleName } = args;
  const problems = new Problems()
    .text("projectName", args.projectName, NAMES.project)
    .range("timeoutInMinutes", args.timeoutInMinutes, 5, 2160, "minutes")
    .text("roleName", roleName, NAMES.role)
    .text("image", args.image, IMAGE);
  if (role && roleName !== undefined)
    problems.add("roleName: names the role that is made, and role gives one; leave one out");
  for (const name of Object.keys(environment)) {
    problems.text("environment", name, VARIABLE);
    if (name.startsWith("CODEBUILD_"))
      problems.add(`environment.${name}: CODEBUILD_ begins CodeBuild's own; rename it`);
    if (name in parameters) problems.add(`environment.${name}: parameters has it too; leave one out`);
  }
  return problems;
}
