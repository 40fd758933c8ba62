// The user's cache folder. What lies there may be deleted at any time, and with ECS_DELIVERY_CACHE=off nothing is read or written.
const { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } = require("node:fs");
const { homedir } = require("node:os");
const { isAbsolute, join } = require("node:path");

/** Nobody else may write there: what lies there is run. */
function cacheFolder() {
  if (process.env.ECS_DELIVERY_CACHE === "off") return undefined;
  try {
    // A relative one is not valid, and would be another folder wherever a program runs.
    // https://specifications.freedesktop.org/basedir-spec/latest/
    const { XDG_CACHE_HOME: set = "" } = process.env;
    const folder = join(isAbsolute(set) ? set : join(homedir(), ".cache"), "ecs-delivery");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { mode, uid } = statSync(folder);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    return isOwn ? folder : undefined;
  } catch {
    return undefined;
  }
}

exports.folder = cacheFolder();

/** Where that can be done: another user may own it. */
function forget(file) {
  try {
    rmSync(file, { force: true });
  } catch {}
}

/** A folder in it for files of one kind, which are all forgotten when there are more: they are made again in seconds. */
exports.shelf = (name, most) => {
  const folder = exports.folder && join(exports.folder, name);
  let isTidied = false;
  const tidy = () => {
    isTidied = true;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const files = readdirSync(folder);
    if (files.length > most) for (const file of files) forget(join(folder, file));
  };
  return {
    folder,
    /** Writes under another name first: another process may read it, and a disk may be full. */
    keep: (file, data) => {
      if (folder === undefined) return;
      const path = join(folder, file);
      const part = `${path}.${process.pid}`;
      try {
        if (!isTidied) tidy();
        writeFileSync(part, data, { mode: 0o600 });
        renameSync(part, path);
      } catch {
        forget(part);
      }
    },
  };
};
