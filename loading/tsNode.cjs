// The transpiler that ts-node takes (tsconfig.json), so that `pulumi up` need not start the TypeScript compiler.
// https://typestrong.org/ts-node/docs/transpilers
const { transpile } = require("./transpile.cjs");

exports.create = () => ({
  transpile: (source, { fileName }) => {
    const code = transpile(source, fileName);
    return { outputText: code, sourceMapText: lineByLine(code, fileName) };
  },
});

/** Each line is the line of the source with the same number. */
function lineByLine(code, fileName) {
  const mappings = code.split("\n").map((_, line) => (line === 0 ? "AAAA" : "AACA"));
  return JSON.stringify({ version: 3, file: fileName, sources: [fileName], names: [], mappings: mappings.join(";") });
}
