// Says at its end what a process has used, into the file that USAGE_FILE names.
process.on("exit", () => {
  require("node:fs").writeFileSync(process.env.USAGE_FILE, JSON.stringify(process.resourceUsage()));
});
