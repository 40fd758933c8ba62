import tseslint from "typescript-eslint";

// Format and imports are Biome's; here are the rules that need types.

/** Of a spread literal TypeScript does not look for unknown properties: a misspelt setting would be dropped in silence. */
const refused = (...selectors) => [
  "error",
  ...selectors.map((selector) => ({
    selector,
    message: "Write the properties themselves, undefined where one is absent",
  })),
];
const SPREAD_LITERAL = "SpreadElement > :matches(ObjectExpression, ArrayExpression)";
const SPREAD_CHOICE =
  "ObjectExpression > SpreadElement > :matches(LogicalExpression, ConditionalExpression) > ObjectExpression";

export default tseslint.config(
  { ignores: ["**/node_modules/**", "**/*.cjs", "**/*.mjs", "docs/**"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.check.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-restricted-syntax": refused(SPREAD_LITERAL, SPREAD_CHOICE),
      // An interface gives a component's settings a name, in an editor and in the reference.
      "@typescript-eslint/no-empty-object-type": ["error", { allowInterfaces: "with-single-extends" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/no-require-imports": "off",
    },
  },
  {
    // A describe() block is a list of tests, and mocks speak the untyped language of the engine.
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "no-restricted-syntax": refused(SPREAD_LITERAL),
    },
  },
  {
    // Recorded answers come at once, where AWS's take their time.
    files: ["test/operate/**/*.ts"],
    rules: { "@typescript-eslint/require-await": "off" },
  },
);
