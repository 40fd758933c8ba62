// Loads TypeScript without checking types: `npm run check` does that once, here it would cost seconds at every run.
process.env.TS_NODE_TRANSPILE_ONLY = "true";
process.env.TS_NODE_PROJECT = require("node:path").join(__dirname, "..", "tsconfig.json");
require("ts-node/register");
