import { withDefaults } from "../settings/settings";
import type { BlueGreenTargetsArgs } from "./args";
import { LOAD_BALANCER } from "./settings";

/** The listeners' ports, with the defaults filled in. */
interface Ports {
  readonly production: number;
  readonly test: number;
  /** Port that only redirects to production: with a certificate, unless a listener has port 80 itself. */
  readonly redirect?: number;
}

/** Works out the listeners' ports. */
export function portsOf(
  args: Pick<BlueGreenTargetsArgs, "certificateArn" | "productionPort" | "testPort" | "redirect">,
): Ports {
  const secure = args.certificateArn !== undefined;
  const { redirect } = LOAD_BALANCER;
  const redirects = secure && withDefaults({ redirect }, args).redirect;
  const { productionPort: production = secure ? 443 : 80, testPort: test = secure ? 8443 : 8080 } = args;
  return { production, test, redirect: redirects && production !== 80 && test !== 80 ? 80 : undefined };
}
