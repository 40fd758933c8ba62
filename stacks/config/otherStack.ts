import { ROLE_PATH } from "../../components/settings/arns";
import { text } from "../../components/settings/setting";
import { settings } from "../../components/settings/settings";

/** An account of AWS. */
export const ACCOUNT_ID = text(
  { pattern: /^\d{12}$/, expected: "an AWS account id, 12 digits in quotes", owned: true },
  { example: "444455556666" },
);

/** A stack of this program. */
export const STACK = text({ pattern: /^[a-z][a-z0-9-]{0,29}$/, expected: "a stack's name" }, { example: "production" });

/** The stack whose workflow releases images into the repositories of this one. */
export const RELEASED_BY = settings({
  /** The stack that has the workflow; the names of its roles follow from it. */
  stack: STACK,
  /** Its account. In one account nothing has to be admitted. */
  account: ACCOUNT_ID,
  /** Path of its roles, where its file says one. @default - `/ecs-delivery/<its name>/` */
  rolePath: ROLE_PATH.optional(),
});
