import type { PhaseName } from "../../components/build/buildspec/buildspec";
import { shellWord } from "../../components/shellWord";
import { type Owner, PHASES, type ReadBuildspec } from "./buildspec";

/** Where a build's things are, on this machine. */
export interface Places {
  readonly source: string;
  readonly log: string;
  readonly env: string;
}

/** Whose commands are run besides this program's own. */
export type OwnersRun = Readonly<Record<Owner, boolean>>;

/** Whether commands of an owner are not run. */
export function isLeftOut(owner: Owner | undefined, runs: OwnersRun): boolean {
  return owner !== undefined && !runs[owner];
}

/**
 * The bash program that plays CodeBuild's agent: all commands in one shell, a phase ends at its first failing command, a
 * failing install or pre_build ends the build, post_build follows a failing build unless that says ABORT.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html
 */
export function driverFor(spec: ReadBuildspec, { log, env }: Places, runs: OwnersRun): string {
  const commands = (name: PhaseName, which: "commands" | "finallyCommands") =>
    spec.phases[name][which]
      .map(({ text, owner }) => {
        const command = isLeftOut(owner, runs) ? notRun(text) : text;
        return which === "commands"
          ? `((phase_status)) || { eval ${shellWord(command)}; phase_status=$?; }`
          : `eval ${shellWord(command)} || ((phase_status)) || phase_status=$?`;
      })
      .join("\n");
  const phase = (name: PhaseName) => `${commands(name, "commands")}\n${commands(name, "finallyCommands")}`;
  const { abort } = spec.phases.build;
  return `
exec >${shellWord(log)} 2>&1
export CODEBUILD_BUILD_SUCCEEDING=1
trap 'env -0 >${shellWord(env)}' EXIT
${clock(`${env}.slept`)}
phase_status=0
${phase("install")}
${phase("pre_build")}
((phase_status)) && exit "$phase_status"
${phase("build")}
build_status=$phase_status
((build_status)) && CODEBUILD_BUILD_SUCCEEDING=0
((build_status)) && ${String(abort)} && exit "$build_status"
phase_status=0
${phase("post_build")}
((build_status)) && exit "$build_status"
exit "$phase_status"`;
}

/**
 * The clock of a rehearsal goes on by itself: who waits is told so at once, and what bash counts goes on with it. A sleep in the
 * background is a shell of its own, so it is counted where it is waited for.
 */
function clock(slept: string): string {
  return `# By the clock of a rehearsal, who waits is told at once.
rehearsal_began=$EPOCHSECONDS
unset EPOCHSECONDS
EPOCHSECONDS=$rehearsal_began
clock_goes_on() { SECONDS=$((SECONDS + $1)) EPOCHSECONDS=$((EPOCHSECONDS + $1)); }
sleep() {
  command sleep "$@" || return
  clock_goes_on "\${1%%.*}"
  [[ $BASHPID == $$ ]] || printf '%s\\n' "\${1%%.*}" >>${shellWord(slept)}
}
wait() {
  local status seconds
  builtin wait "$@"
  status=$?
  [[ -e ${shellWord(slept)} ]] || return "$status"
  while read -r seconds; do clock_goes_on "$seconds"; done <${shellWord(slept)}
  rm -f ${shellWord(slept)}
  return "$status"
}
# A script that is packed is run as a file, by a shell of its own.
export -f clock_goes_on sleep wait`;
}

/** What stands for a command of the repository that is not run. */
function notRun(text: string): string {
  return `printf 'not run: %s\\n' ${shellWord(text.split("\n", 1)[0] ?? "")}`;
}

/** Whose commands a buildspec has besides this program's own. */
export function ownersIn({ phases }: ReadBuildspec): readonly Owner[] {
  const commands = PHASES.flatMap((name) => [...phases[name].commands, ...phases[name].finallyCommands]);
  return [...new Set(commands.flatMap(({ owner }) => owner ?? []))];
}
