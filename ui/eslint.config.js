import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

import noHardText from "./eslint-rules/no-hard-text.js";

export default defineConfig([
  globalIgnores(["node_modules", "src/api/schema.d.ts"]),
  js.configs.recommended,
  {
    files: ["src/**/*.{ts,tsx}", "test/**/*.{ts,tsx}"],
    extends: [
      ...tseslint.configs.strictTypeChecked,
      ...tseslint.configs.stylisticTypeChecked,
      hooks.configs.flat["recommended-latest"],
    ],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      complexity: ["error", 12],
      "max-lines": ["error", 300],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "off",
      // Numbers in sentences are as readable as text; objects are what must not slip in.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // `() => void go()` is how an event handler starts something it does not wait for.
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // noUncheckedIndexedAccess asks for it: styles["name"], process.env["NAME"].
      "@typescript-eslint/dot-notation": "off",
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { tallyward: { rules: { "no-hard-text": noHardText } } },
    rules: { "tallyward/no-hard-text": "error" },
  },
  {
    files: ["**/*.{js,mjs}", "vite.config.ts"],
    languageOptions: {
      globals: {
        process: "readonly",
        console: "readonly",
        URL: "readonly",
        URLSearchParams: "readonly",
        setInterval: "readonly",
        clearInterval: "readonly",
      },
    },
  },
  { files: ["vite.config.ts"], extends: [tseslint.configs.strict] },
  { files: ["dev/**"], rules: { "no-unused-vars": ["error", { varsIgnorePattern: "^_" }] } },
]);
