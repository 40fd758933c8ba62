import { DIFFERING, ROUTINE, STOP_CAUSES, TOLD_BY_TASKS } from "../../service/stopCauses";
import { scriptCommand } from "./buildspec";

/** The script that says why a delivery failed, with the table that `npm run status` goes by. */
export function whyFailedScript(): string {
  const causes = STOP_CAUSES.flatMap(({ seen, cause, fix }) => [seen, cause, fix]);
  const differing = DIFFERING.map(([seen, stands]) => `-e 's#${seen}#${stands}#g'`);
  return [
    `IFS= read -r -d '' STOP_CAUSES <<'CAUSES'\n${causes.join("\n")}\nCAUSES`,
    `TOLD_BY_TASKS='${TOLD_BY_TASKS}'`,
    `ROUTINE='${ROUTINE}'`,
    `DIFFERING=(${differing.join(" ")})`,
    scriptCommand("why-failed.sh"),
  ].join("\n\n");
}
