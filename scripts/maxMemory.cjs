// Says at its end how much memory a process has had, into the file that MAX_MEMORY_FILE names.
process.on("exit", () => {
  require("node:fs").writeFileSync(process.env.MAX_MEMORY_FILE, String(process.resourceUsage().maxRSS));
});
