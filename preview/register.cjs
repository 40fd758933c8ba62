// Loads TypeScript without checking types: `npm run check` does that once. Sucrase keeps line numbers and takes half the
// time of ts-node, which is what `pulumi up` loads the same files with.
require("sucrase/register/ts");
