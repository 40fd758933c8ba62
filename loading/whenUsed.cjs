// Parts of Pulumi's SDK that it loads at its start and no preview uses, a third of what one took to start, are loaded when
// something of them is asked for. Where another version of the SDK asks for them elsewhere, they are loaded as before.
const { Module } = require("node:module");
const { join } = require("node:path");

/** What is asked for, and the file that does, which takes nothing of it while it is loaded. */
const PARTS = [
  ["@npmcli/arborist", join("@pulumi", "pulumi", "runtime", "closure", "codePaths.js")],
  ["typescript", join("@pulumi", "pulumi", "typescript-shim.js")],
  ["./automation", join("@pulumi", "pulumi", "index.js")],
];

const load = Module._load;
Module._load = function (request, parent, ...others) {
  const now = () => Reflect.apply(load, this, [request, parent, ...others]);
  const isPart = PARTS.some(([part, by]) => request === part && parent?.filename?.endsWith(by));
  return isPart ? whenUsed(now) : now();
};

/** Stands for a module: one that was a CommonJS module, so that nobody copies what it exports. */
function whenUsed(loadNow) {
  let loaded;
  const module = () => (loaded ??= loadNow());
  return new Proxy(
    {},
    {
      get: (_, key) =>
        key === "__esModule" ? true : key === "default" ? (module().default ?? module()) : module()[key],
      has: (_, key) => key in module(),
      ownKeys: () => Reflect.ownKeys(module()),
      getOwnPropertyDescriptor: (_, key) => ({ value: module()[key], enumerable: true, configurable: true }),
    },
  );
}
