require("../loading/register.cjs");
