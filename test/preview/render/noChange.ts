import type { StackChange } from "../../../preview/diff/change";

/** A stack in which nothing is otherwise than at the commit it is compared with. */
export const NO_CHANGE: StackChange = {
  against: { ref: "main", commit: "0a1b2c3" },
  update: [],
  provider: [],
  resources: [],
  permissions: [],
  outputs: [],
  openings: { widened: [], narrowed: [] },
  findings: { new: [], gone: [] },
};
