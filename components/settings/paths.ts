/** A path inside the source repository. What begins with - reads as an option, and #{...} is CodePipeline's to fill in. */
export const PATH = {
  pattern: /^(?!\/)(?!(?:.*\/)?-)(?!.*\.\.)(?!.*#\{)[^\s'"$`\\\p{Cc}]+$/u,
  max: 250,
  expected: "a path inside the repository, without spaces or ..",
};
