process.env.PULUMI_ERROR_OUTPUT_STRING = "true";
require("../../preview/register.cjs");
