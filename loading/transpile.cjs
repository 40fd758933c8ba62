// TypeScript to JavaScript without checking types, which `npm run check` does once. Lines keep their numbers. What has been
// transpiled is kept by its content in the user's cache folder, as Node.js keeps what it has compiled: both may be deleted at any
// time, and with ECS_DELIVERY_CACHE=off neither is read or written.
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const module_ = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");
const { version } = require("sucrase/package.json");

/** Files that the cache may hold: some versions of every file of this project. */
const MOST = 6000;

const OPTIONS = { transforms: ["imports", "typescript"] };

const folder = cacheFolder();
const kept = folder && join(folder, "transpiled");
if (folder) module_.enableCompileCache?.(join(folder, "compiled"));

/** Nobody else may write there: what lies there is run. */
function cacheFolder() {
  if (process.env.ECS_DELIVERY_CACHE === "off") return undefined;
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(base, "ecs-delivery");
  try {
    mkdirSync(join(folder, "transpiled"), { recursive: true, mode: 0o700 });
    const { mode, uid } = statSync(folder);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? folder : undefined;
  } catch {
    return undefined;
  }
}

exports.transpile = (source, file) => {
  if (kept === undefined) return transpiled(source, file);
  const path = join(
    kept,
    createHash("sha256")
      .update(`${version} ${JSON.stringify(OPTIONS)} ${source}`)
      .digest("hex"),
  );
  try {
    return readFileSync(path, "utf8");
  } catch {
    const code = transpiled(source, file);
    keep(path, code);
    return code;
  }
};

function transpiled(source, file) {
  return require("sucrase").transform(source, { ...OPTIONS, filePath: file }).code;
}

let isTidied = false;

/** Under another name first: another process may read it, and a disk may be full. */
function keep(path, code) {
  const part = `${path}.${process.pid}`;
  try {
    if (!isTidied) tidy();
    writeFileSync(part, code, { mode: 0o600 });
    renameSync(part, path);
  } catch {
    rmSync(part, { force: true });
  }
}

/** Forgets everything when it has become too much: it is made again in a second. */
function tidy() {
  isTidied = true;
  const files = readdirSync(kept);
  if (files.length > MOST) for (const file of files) rmSync(join(kept, file), { force: true });
}
