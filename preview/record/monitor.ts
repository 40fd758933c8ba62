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

/** What Pulumi does for those who look for a mistake in it. Present at run time, and hidden from the typings. */
interface Tracing {
  debuggablePromise<T>(promise: Promise<T>): Promise<T>;
}

/**
 * Has Pulumi keep no stack trace of each promise and each resource, of which a stack has thousands: they are half of what a
 * run costs, and nobody here asks for them. Where a version has no such thing, it goes on as it does.
 */
export function keepNoTraces(): void {
  const tracing = require("@pulumi/pulumi/runtime/debuggable") as Partial<Tracing>;
  if (tracing.debuggablePromise) tracing.debuggablePromise = (promise) => promise;
  const resource = pulumi.Resource as unknown as { stackTrace?: () => readonly unknown[] };
  if (resource.stackTrace) resource.stackTrace = () => [];
}
