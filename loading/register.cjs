// Loads TypeScript files in this process, half as long as ts-node takes, which `pulumi up` loads the same files with.
const { readFileSync } = require("node:fs");
const { Module } = require("node:module");
const { transpile } = require("./transpile.cjs");

Module._extensions[".ts"] = (module, file) => module._compile(transpile(readFileSync(file, "utf8"), file), file);
