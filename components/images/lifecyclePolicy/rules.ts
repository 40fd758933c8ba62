/** A value of unknown shape: rules are checked against each other even where one of them has a wrong field. */
type Loose = Readonly<Record<string, unknown>>;

/** ECR's rules on fields that depend on each other, within a rule and between rules. */
export function checkRules(rules: readonly unknown[]): string[] {
  const loose = rules.map(fieldsOf);
  return [...loose.flatMap(checkRule), ...checkPriorities(loose), ...checkAny(loose), ...checkUntagged(loose)];
}

/** `value` as text for a message. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

function checkRule(rule: Loose, index: number): string[] {
  const path = `rules[${index}]`;
  const selection = fieldsOf(rule.selection);
  return [
    ...checkTags(selection, `${path}.selection`),
    ...checkCount(selection, `${path}.selection`),
    ...checkStorage(selection, `${path}.selection`),
    ...checkAction(fieldsOf(rule.action), selection.countType, `${path}.action`),
  ];
}

function checkTags({ tagStatus, tagPrefixList, tagPatternList }: Loose, path: string): string[] {
  const lists = Object.entries({ tagPrefixList, tagPatternList }).filter(([, value]) => value !== undefined);
  if (tagStatus === "tagged" && lists.length === 0) {
    return [`${path}: expected tagPrefixList or tagPatternList with tagStatus "tagged", got neither`];
  }
  if (tagStatus === "tagged" && lists.length === 2) {
    return [`${path}: expected tagPrefixList or tagPatternList, got both; use two rules`];
  }
  if (tagStatus !== "untagged" && tagStatus !== "any") return [];
  return lists.map(
    ([key, value]) => `${path}.${key}: expected nothing with tagStatus "${tagStatus}", got ${show(value)}`,
  );
}

function checkCount({ countType, countUnit }: Loose, path: string): string[] {
  if (countType === "imageCountMoreThan" && countUnit !== undefined) {
    return [`${path}.countUnit: expected nothing with countType "imageCountMoreThan", got ${show(countUnit)}`];
  }
  if (typeof countType === "string" && countType.startsWith("sinceImage") && countUnit === undefined) {
    return [`${path}.countUnit: expected "days" with countType "${countType}", got nothing`];
  }
  return [];
}

/** Days that ECR keeps what it has archived, at least. */
const ARCHIVED_DAYS = 90;

function checkStorage({ countType, storageClass, countNumber }: Loose, path: string): string[] {
  const archived = countType === "sinceImageTransitioned" && storageClass === "archive";
  if (archived && Number.isInteger(countNumber) && Number(countNumber) < ARCHIVED_DAYS) {
    return [
      `${path}.countNumber: expected ${ARCHIVED_DAYS} days or more in the archive, which ECR keeps at least, got ${show(countNumber)}`,
    ];
  }
  if (countType === "sinceImageTransitioned" && storageClass !== "archive") {
    return [`${path}.storageClass: expected "archive" with countType "${countType}", got ${show(storageClass)}`];
  }
  if (typeof countType === "string" && countType !== "sinceImageTransitioned" && storageClass === "archive") {
    return [`${path}.storageClass: expected "standard" or nothing with countType "${countType}", got "archive"`];
  }
  return [];
}

function checkAction({ type, targetStorageClass }: Loose, countType: unknown, path: string): string[] {
  const problems: string[] = [];
  if (type === "transition" && targetStorageClass === undefined) {
    problems.push(`${path}.targetStorageClass: expected "archive" with type "transition", got nothing`);
  }
  if (type === "expire" && targetStorageClass !== undefined) {
    problems.push(`${path}.targetStorageClass: expected nothing with type "expire", got ${show(targetStorageClass)}`);
  }
  // ECR only archives what was not pulled for long, and only expires what has been archived.
  if (type === "expire" && countType === "sinceImagePulled") {
    problems.push(`${path}.type: expected "transition" with countType "sinceImagePulled", got "expire"`);
  }
  if (type === "transition" && countType === "sinceImageTransitioned") {
    problems.push(`${path}.type: expected "expire" with countType "sinceImageTransitioned", got "transition"`);
  }
  return problems;
}

function checkPriorities(rules: readonly Loose[]): string[] {
  const priorities = rules.map((rule) => rule.rulePriority);
  return priorities.flatMap((priority, index) => {
    const first = priorities.indexOf(priority);
    if (priority === undefined || first === index) return [];
    return `rules[${index}].rulePriority: expected a number of its own, got ${show(priority)}, which rules[${first}] has`;
  });
}

/** Archived images are another set: a rule on them stands beside those on images in standard storage. */
function checkAny(rules: readonly Loose[]): string[] {
  return rules.flatMap((rule, index) => {
    if (fieldsOf(rule.selection).tagStatus !== "any") return [];
    const others = rules.filter((other) => other !== rule && storageOf(other) === storageOf(rule));
    const highest = Math.max(...others.map((other) => Number(other.rulePriority)).filter(Number.isFinite));
    if (!(Number(rule.rulePriority) < highest)) return [];
    return (
      `rules[${index}].rulePriority: expected a number above ${highest}, the highest of the other rules, ` +
      `because tagStatus "any" must come last; got ${show(rule.rulePriority)}`
    );
  });
}

function checkUntagged(rules: readonly Loose[]): string[] {
  const keys = rules.map((rule) => {
    const untagged = fieldsOf(rule.selection).tagStatus === "untagged";
    return untagged ? storageOf(rule) : undefined;
  });
  return keys.flatMap((key, index) => {
    const first = keys.indexOf(key);
    if (key === undefined || first === index) return [];
    return `rules[${index}].selection.tagStatus: expected one rule for "untagged" images, got a second; rules[${first}] has them`;
  });
}

function storageOf(rule: Loose): "archive" | "standard" {
  return fieldsOf(rule.selection).storageClass === "archive" ? "archive" : "standard";
}

function fieldsOf(value: unknown): Loose {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
