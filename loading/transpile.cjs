// TypeScript to JavaScript without checking types, which `npm run check` does once. Lines keep their numbers. What has been
// transpiled is kept by its content in the user's cache folder, as Node.js keeps what it has compiled.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const module_ = require("node:module");
const { join } = require("node:path");
const { version } = require("sucrase/package.json");
const { folder, shelf } = require("./cache.cjs");

const OPTIONS = { transforms: ["imports", "typescript"] };

/** Some versions of every file of this project. */
const kept = shelf("transpiled", 6000);
if (folder) module_.enableCompileCache?.(join(folder, "compiled"));

const digestOf = (text) => createHash("sha256").update(text).digest("hex");

/** Digest of each source that this process has loaded, by file. */
const sources = new Map();
exports.sources = sources;

exports.transpile = (source, file) => {
  const digest = digestOf(source);
  sources.set(file, digest);
  if (kept.folder === undefined) return transpiled(source, file);
  const name = digestOf(`${version} ${JSON.stringify(OPTIONS)} ${digest}`);
  try {
    return readFileSync(join(kept.folder, name), "utf8");
  } catch {
    const code = transpiled(source, file);
    kept.keep(name, code);
    return code;
  }
};

function transpiled(source, file) {
  return require("sucrase").transform(source, { ...OPTIONS, filePath: file }).code;
}
