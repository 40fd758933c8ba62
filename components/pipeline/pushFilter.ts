import { Problems } from "../checks/problems";

/** Lists of glob patterns, each by the field that gives it. */
export type PatternLists = Readonly<Record<string, readonly string[] | undefined>>;

/** A filter on pushes: patterns that start a pipeline, and those that do not. */
export interface PushFilter {
  readonly branches: PatternLists;
  readonly tags: PatternLists;
  readonly filePaths: PatternLists;
}

/** Patterns in a list. */
const PATTERNS = { min: 1, max: 8 } as const;
/** Characters of a pattern. */
const CHARACTERS = { min: 1, max: 255 } as const;

/**
 * What CodePipeline would refuse in a filter on pushes. A list that is not given is well.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html
 */
export function checkPushFilter({ branches, tags, filePaths }: PushFilter): Problems {
  const problems = new Problems();
  for (const [field, patterns] of given({ ...branches, ...tags, ...filePaths })) {
    if (!within(patterns.length, PATTERNS)) {
      problems.add(`${field}: expected ${PATTERNS.min} to ${PATTERNS.max} patterns, got ${patterns.length}`);
    }
    for (const pattern of patterns.filter(({ length }) => !within(length, CHARACTERS))) {
      const { min, max } = CHARACTERS;
      problems.add(`${field}: expected patterns of ${min} to ${max} characters, got ${pattern.length}: "${pattern}"`);
    }
  }
  if (given(branches).length > 0) return problems;
  if (given(tags).length === 0) return problems.add("branches, tags: expected patterns of one of the two, got none");
  return problems.addAll(
    given(filePaths).map(([field]) => `${field}: goes with a branch, not with tags; leave one of the two out`),
  );
}

function given(lists: PatternLists): [string, readonly string[]][] {
  return Object.entries(lists).flatMap(([field, patterns]): [string, readonly string[]][] =>
    patterns ? [[field, patterns]] : [],
  );
}

function within(value: number, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return value >= min && value <= max;
}
