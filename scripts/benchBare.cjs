// The barest program that registers the resources in the file given, under the barest mocks.
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");

pulumi.runtime.setMocks({
  newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
  call: ({ inputs }) => inputs,
});
const aws = require("@pulumi/aws");

for (const { type, name, inputs } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
  const [, path, kind] = type.split(":");
  const space = path.split("/")[0];
  const Resource = aws[space]?.[kind];
  if (!Resource) throw new Error(`there is no class for ${type}`);
  new Resource(name, inputs);
}
