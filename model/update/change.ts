import type { Difference } from "./differences";

/** A property that is not what it was. */
export interface PropertyChange extends Difference {
  /** AWS cannot change it: the resource is replaced. */
  readonly replaces?: true;
  /** It may be replaced: nobody here knows whether AWS, or its provider, can change it. */
  readonly mayReplace?: true;
  /** Pulumi leaves what is there: the property is in `ignoreChanges`. */
  readonly ignored?: true;
  /** The provider leaves what is there: the program says nothing of it any more. */
  readonly kept?: true;
  /** Replaced resource whose new id or ARN it takes: `pulumi up` makes that, so neither value stands here. */
  readonly follows?: string;
}
