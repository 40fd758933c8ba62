import * as pulumi from "@pulumi/pulumi";

interface Struct {
  toJavaScript(): unknown;
}

/** What a program says when it registers a resource: the getters of the engine's protocol that are read here. */
export interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getObject(): Struct | undefined;
  getDependenciesList(): string[];
  getPropertydependenciesMap(): { forEach(each: (value: { getUrnsList(): string[] }, key: string) => void): void };
  getIgnorechangesList(): string[];
  getReplaceonchangesList(): string[];
  getProtect(): boolean | undefined;
  getDeletebeforereplace(): boolean;
  getRetainondelete(): boolean | undefined;
  getAliasesList(): { toObject(): unknown }[];
}

interface RegisterResponse {
  getUrn(): string;
  getId(): string;
  getObject(): Struct | undefined;
}

type Done<T> = (error: Error | null, response?: T) => void;

/** Pulumi's mock monitor, as far as it is listened to. */
interface MockMonitor {
  newUrn: (parent: string, type: string, name: string) => string;
  registerResource: (request: RegisterRequest, done: Done<RegisterResponse>) => unknown;
  registerResourceOutputs: (
    request: { getUrn(): string; getOutputs(): Struct | undefined },
    done: Done<object>,
  ) => unknown;
  registerResourceHook: (request: unknown, done: Done<object>) => unknown;
}

/** The monitor that `setMocks` has put in place. Its type is not public; this is the one place that relies on it. */
export function monitorOf(): MockMonitor {
  return pulumi.runtime.getMonitor() as unknown as MockMonitor;
}
