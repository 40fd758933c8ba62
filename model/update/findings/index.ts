import type { Finding } from "../../graph/graph";
import type { UpdateContext } from "../updateRun";
import { addressFindings } from "./address";
import { adoptedFindings } from "./adopted";
import { fittingFindings } from "./fitting";
import { gapFindings } from "./gaps";
import { hiddenFindings } from "./hidden";
import { imageFindings } from "./images";
import { noTaskFindings } from "./noTasks";
import { reachedFindings } from "./reached";
import { refusalFindings } from "./refused";
import { repeatedFindings } from "./repeated";
import { roleInUseFindings } from "./rolesInUse";
import { removedFindings, renamedFindings } from "./services";
import { undoneFindings } from "./undone";
import { unmodelledFindings } from "./unmodelled";
import { wayOutFindings } from "./wayOut";

/** Everything that is wrong with an update, or deserves a look. What goes for one environment alone says for which. */
export function findingsOfUpdate(context: UpdateContext): readonly Finding[] {
  const renamed = renamedFindings(context);
  // A rename is one thing: what follows from it is not said again.
  if (renamed.length > 0) return [...renamed, ...unmodelledFindings(context)];
  return [
    ...adoptedFindings(context),
    ...removedFindings(context),
    ...refusalFindings(context),
    ...gapFindings(context),
    ...noTaskFindings(context),
    ...addressFindings(context),
    ...imageFindings(context),
    ...roleInUseFindings(context),
    ...reachedFindings(context),
    ...wayOutFindings(context),
    ...fittingFindings(context),
    ...hiddenFindings(context),
    ...undoneFindings(context),
    ...repeatedFindings(context),
    ...unmodelledFindings(context),
  ];
}
