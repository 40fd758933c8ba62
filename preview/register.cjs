require("../loading/register.cjs");
require("../loading/whenUsed.cjs");
