/** What eslint looks for in the front ends; names and types are tsc's. */

import js from "@eslint/js";

/** Types are declared, not waved through: `any` and orders to the checker are no declarations. */
const honestTypes = {
  meta: {
    type: "problem",
    schema: [],
    messages: { dishonest: "Declare the type: {{found}} hides it from the checker." },
  },
  /** @param {import("eslint").Rule.RuleContext} context */
  create: ({ sourceCode, report }) => ({
    Program() {
      for (const comment of sourceCode.getAllComments()) {
        const [found] = comment.value.match(/[{<|(,:]\s*any\b(?=\s*[}>|),\]])|@ts-\w+/) ?? [];
        if (found && comment.loc) {
          report({ loc: comment.loc, messageId: "dishonest", data: { found } });
        }
      }
    },
  }),
};

export default [
  { ignores: ["_build/", ".venv/", "**/*.d.ts"] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { book: { rules: { "honest-types": honestTypes } } },
    rules: {
      "book/honest-types": "error",
      "no-undef": "off",
      "array-callback-return": "error",
      "arrow-body-style": "error",
      complexity: ["error", 12],
      "consistent-return": "error",
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "max-depth": ["error", 4],
      "no-await-in-loop": "error",
      "no-console": ["error", { allow: ["error"] }],
      "no-else-return": "error",
      "no-irregular-whitespace": ["error", { skipTemplates: true }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-param-reassign": "error",
      "no-promise-executor-return": "error",
      "no-self-compare": "error",
      "no-shadow": "error",
      "no-template-curly-in-string": "error",
      "no-unmodified-loop-condition": "error",
      "no-unreachable-loop": "error",
      "no-unused-expressions": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true, varsIgnorePattern: "^_$" }],
      "no-use-before-define": ["error", { functions: false, classes: true, variables: false }],
      "no-useless-assignment": "error",
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
      "require-atomic-updates": "error",
    },
  },
  {
    files: ["lae_helpers/widgets/js/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "TemplateLiteral TemplateLiteral",
          message: "rjsmin takes a template in a template for code and drops its spaces.",
        },
      ],
    },
  },
  {
    files: ["lae_helpers/widgets/js/**"],
    ignores: ["lae_helpers/widgets/js/parts/listening.js"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          property: "addEventListener",
          message: "listen() of parts/listening.js ends with the view.",
        },
        { property: "setInterval", message: "createLoop() of parts/frames.js ends with the view." },
      ],
    },
  },
];
