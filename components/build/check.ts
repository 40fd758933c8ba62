import { NAMES } from "../checks/names";
import { Problems } from "../checks/problems";
import { checkSettings } from "../settings/settings";
import { BUILD, type BuildProjectArgs } from "./args";
import { BUILDSPEC_MAX } from "./buildspec/packed";

const VARIABLE = { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, max: 255, expected: "letters, digits and _, no digit first" };

/** What of a `BuildProject`'s arguments CodeBuild would refuse. */
export function checkProject(args: BuildProjectArgs): Problems {
  const { parameters = {}, environment = {}, role, roleName } = args;
  const problems = new Problems()
    .text("projectName", args.projectName, NAMES.project)
    .text("roleName", roleName, NAMES.role)
    .addAll(checkSettings(BUILD, args));
  if (role && roleName !== undefined)
    problems.add("roleName: names the role that is made, and role gives one; leave one out");
  for (const name of Object.keys(environment)) {
    problems.text("environment", name, VARIABLE);
    if (name.startsWith("CODEBUILD_"))
      problems.add(`environment.${name}: CODEBUILD_ begins CodeBuild's own; rename it`);
    if (name in parameters) problems.add(`environment.${name}: parameters has it too; leave one out`);
  }
  const { length } = args.buildspec;
  if (length > BUILDSPEC_MAX)
    problems.add(
      `buildspec: it has ${length} characters, and CodeBuild takes ${BUILDSPEC_MAX}; put what is long into a script of the source, and call that`,
    );
  return problems;
}
