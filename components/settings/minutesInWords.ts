/** Minutes as a person says them: `30 minutes`, `1 day`, `7 days`, `2 hours 30 minutes`. */
export function minutesInWords(minutes: number): string {
  const whole = Math.round(minutes);
  if (whole < 120) return counted(whole, "minute");
  const [days, hours, rest] = [Math.floor(whole / 1440), Math.floor((whole % 1440) / 60), whole % 60];
  return [
    ...(days > 0 ? [counted(days, "day")] : []),
    ...(hours > 0 ? [counted(hours, "hour")] : []),
    ...(rest > 0 ? [counted(rest, "minute")] : []),
  ].join(" ");
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
