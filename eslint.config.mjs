import tseslint from "typescript-eslint";

// Format and imports are Biome's; here are the rules that need types, and the house's sizes.
export default tseslint.config(
  { ignores: ["**/node_modules/**", "**/*.cjs", "**/*.mjs", "docs/**"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.check.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "max-lines": ["error", { max: 250 }],
      "max-lines-per-function": ["error", { max: 40, skipComments: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-require-imports": "off",
    },
  },
  {
    // A describe() block is a list of tests, and mocks speak the untyped language of the engine.
    files: ["test/**/*.ts"],
    rules: { "max-lines-per-function": "off", "@typescript-eslint/no-floating-promises": "error" },
  },
);
