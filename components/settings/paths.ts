/** A path inside the source repository. */
export const PATH = {
  pattern: /^(?!\/)(?!.*\.\.)[^\s'"$`\\]+$/,
  max: 250,
  expected: "a path inside the repository, without spaces or ..",
};
