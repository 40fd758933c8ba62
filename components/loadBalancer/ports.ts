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
  args: Pick<BlueGreenTargetsArgs, "type" | "certificateArn" | "productionPort" | "testPort" | "redirect"> & {
    readonly containerPort?: number | undefined;
  },
): Ports {
  const secure = args.certificateArn !== undefined;
  if (args.type === "network") return networkPorts(args, secure);
  const { redirect } = LOAD_BALANCER;
  const redirects = secure && withDefaults({ redirect }, args).redirect;
  const { productionPort: production = secure ? 443 : 80, testPort: test = secure ? 8443 : 8080 } = args;
  return { production, test, redirect: redirects && production !== 80 && test !== 80 ? 80 : undefined };
}

/** What is no HTTP has no usual port: the container's own. */
function networkPorts(args: Parameters<typeof portsOf>[0], isSecure: boolean): Ports {
  const production = args.productionPort ?? (isSecure ? 443 : (args.containerPort ?? 80));
  const next = production < 65_535 ? production + 1 : production - 1;
  return { production, test: args.testPort ?? (isSecure ? 8443 : next) };
}
