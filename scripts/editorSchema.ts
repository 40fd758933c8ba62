import { z } from "zod";
import { defaultOf } from "../components/settings/settings";
import { wordsAt } from "../components/settings/words";
import { stackConfigKeys } from "../stacks/config/keys";
import { NAMESPACE } from "../stacks/config/namespace";
import { sharedProjectsSchema } from "../stacks/sharedProjects";
import { settingDocs } from "./settingDocs";

/** Schemas of stack files, for editors: keys are completed, and wrong ones marked. By the file that a stack file names. */
export function editorSchemas(): Readonly<Record<string, object>> {
  const docs = settingDocs();
  const schemaOf = (keys: z.ZodObject, title: string) => stackFileSchema(keys, title, docs);
  return {
    "ecs-delivery.schema.json": schemaOf(stackConfigKeys, "An environment that ecs-delivery delivers to"),
    "ecs-delivery.shared.schema.json": schemaOf(sharedProjectsSchema, "Build projects that several pipelines share"),
  };
}

function stackFileSchema(keys: z.ZodObject, title: string, docs: ReturnType<typeof settingDocs>): object {
  const names = Object.keys(keys.shape);
  const properties = Object.entries(keys.shape).map(([key, setting]) => [
    `${NAMESPACE}:${key}`,
    setting instanceof z.ZodType ? jsonSchema(setting, docs) : {},
  ]);
  const needed = names.filter((key) => keys.shape[key] instanceof z.ZodOptional === false && key !== "environment");
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(properties) as Record<string, object>,
        patternProperties: { [`^${NAMESPACE}:(?!(?:${names.join("|")})$)`]: false },
        required: needed.map((key) => `${NAMESPACE}:${key}`),
      },
    },
    required: ["config"],
  };
}

/** What zod says of a setting, with its documentation, default and example. */
function jsonSchema(setting: z.ZodType, docs: ReturnType<typeof settingDocs>): object {
  const schema = z.toJSONSchema(setting, {
    target: "draft-7",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema: made }) => {
      const words: unknown = made.words;
      if (Array.isArray(words)) takeWords(made, words);
      for (const word of [
        "words",
        "expected",
        "hint",
        "missing",
        "unit",
        "hidden",
        "owned",
        "meant",
        "example",
        "elsewhere",
      ])
        delete made[word];
      if (!(zodSchema instanceof z.ZodType)) return;
      // A number or a flag is taken as text; where a secret's name belongs it is not.
      const isText = zodSchema instanceof z.ZodPipe && made.type === "string";
      if (isText && wordsAt(zodSchema, [])?.hint === undefined) made.type = ["string", "number", "boolean"];
      const { text = made.description } = docs.get(zodSchema) ?? {};
      const { expected, example } = wordsAt(zodSchema, []) ?? {};
      const said = [text, expected && `Expected: ${expected}`].filter((line) => line !== undefined);
      if (said.length > 0) made.description = said.join("\n");
      if (example !== undefined && example !== "") made.examples = [example];
      const fallback = defaultOf(zodSchema);
      if (fallback !== undefined) made.default = fallback;
    },
  });
  delete schema.$schema;
  return schema;
}

/** A word alone stands for the form that it picks. */
function takeWords(made: z.core.JSONSchema.BaseSchema, words: readonly unknown[]): void {
  made.anyOf = [{ enum: words.map(String) }, { oneOf: made.oneOf }];
  delete made.oneOf;
}
