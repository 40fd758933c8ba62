import { readFileSync } from "node:fs";
import { search } from "jmespath";
import { isMap, jsonOf, mapOf, type Values } from "../../model/graph/read";

/** A call of the AWS command line, taken apart. */
export interface AwsCommand {
  readonly service: string;
  /** As the API names it: `DescribeServices`. */
  readonly operation: string;
  readonly input: Values;
  readonly region: string | undefined;
  readonly query: string | undefined;
  readonly output: string;
}

/** Options that belong to the command line, not to the call. */
const GLOBAL = ["region", "query", "output", "profile", "no-paginate", "no-cli-pager", "debug", "endpoint-url"];

/** Options whose value is a list, however many words it has. */
const LISTS = ["services", "tasks", "names", "image-ids", "accepted-media-types", "include", "clusters"];

/** Takes the words after `aws` apart. */
export function readAwsCommand(words: readonly string[]): AwsCommand {
  const plain: string[] = [];
  const options = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const word of words) {
    if (word.startsWith("--")) {
      const [name = "", value] = word.slice(2).split(/=(.*)/s);
      current = value === undefined ? [] : [value];
      options.set(name, current);
    } else if (current) current.push(word);
    else plain.push(word);
  }
  const [service = "", operation = ""] = plain;
  const input = [...options]
    .filter(([name]) => !GLOBAL.includes(name) && name !== "cli-input-json")
    .map(([name, values]) => [camel(name), optionValue(name, values)]);
  return {
    service,
    operation: operation.split("-").map(capital).join(""),
    // What stands beside the JSON goes before what stands in it.
    input: { ...mapOf(jsonOf(options.get("cli-input-json")?.[0])), ...(Object.fromEntries(input) as Values) },
    region: options.get("region")?.[0],
    query: options.get("query")?.[0],
    output: options.get("output")?.[0] ?? "json",
  };
}

function camel(name: string): string {
  const [first = "", ...rest] = name.split("-");
  return first + rest.map(capital).join("");
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A flag is true; several words are a list; `key=value` is a map, as the command line's shorthand has it. */
function optionValue(name: string, values: readonly string[]): unknown {
  if (values.length === 0) return true;
  const read = values.map((value) => (/^image-ids?$/.test(name) ? shorthand(value) : fromFile(value)));
  return LISTS.includes(name) || read.length > 1 ? read : read[0];
}

/** What stands in a file that an option names, as the API takes bytes: in base64. */
function fromFile(value: string): string {
  return value.startsWith("fileb://") ? readFileSync(value.slice(8)).toString("base64") : value;
}

function shorthand(text: string): unknown {
  return Object.fromEntries(text.split(",").map((part) => part.split(/=(.*)/s).slice(0, 2)));
}

/** What the command line prints of an answer: the query applied, as JSON or as text with tabs. */
export function printAnswer(answer: Values, { query, output }: Pick<AwsCommand, "query" | "output">): string {
  const plain: unknown = JSON.parse(JSON.stringify(answer));
  const found: unknown = query === undefined ? plain : search(plain, query);
  if (output !== "text") return `${JSON.stringify(found, undefined, 4)}\n`;
  const lines = textLines(found);
  return lines.length === 0 ? "\n" : `${lines.join("\n")}\n`;
}

/** https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html */
function textLines(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    const scalars = value.every((item) => !Array.isArray(item) && !isMap(item));
    if (scalars) return value.length === 0 ? [] : [value.map(scalar).join("\t")];
    return value.flatMap(textLines);
  }
  if (isMap(value)) {
    const keys = Object.keys(value).sort();
    const own = keys.filter((key) => !isMap(value[key]) && !Array.isArray(value[key])).map((key) => scalar(value[key]));
    const nested = keys.filter((key) => isMap(value[key]) || Array.isArray(value[key]));
    return [
      ...(own.length > 0 ? [own.join("\t")] : []),
      ...nested.flatMap((key) => textLines(value[key]).map((line) => `${key.toUpperCase()}\t${line}`)),
    ];
  }
  return [scalar(value)];
}

function scalar(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? value : JSON.stringify(value);
}
