import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const src = fileURLToPath(new URL("./src", import.meta.url));

/**
 * Who may import whom. The key is the folder under `src`; the values are what it may reach
 * besides itself. `shell/kit.ts` is the door through which features meet the shell.
 */
const layers = {
  host: [],
  api: ["host"],
  design: [],
  values: ["api", "design"],
  features: ["api", "design", "values", "shell/kit.ts"],
  shell: ["api", "design", "features", "host", "gallery"],
  gallery: ["api", "design", "shell/kit.ts"],
};

/** npm packages that only some folders may import. */
const fenced = [
  { name: /^@tauri-apps\//, only: ["host"] },
  { name: /^bits-ui(\/|$)/, only: ["design", "shell"] },
];

/** @type {import("eslint").Rule.RuleModule} */
const layering = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      layer: "{{from}} must not import {{to}}",
      sibling: "a feature must not import another feature ({{to}})",
      fenced: "{{name}} may be imported only under: {{only}}",
    },
  },
  create(context) {
    const here = path.relative(src, context.filename).split(path.sep);
    if (here[0] === ".." || here.length < 2) return {};
    const [from, feature] = here;

    /** @param {import("estree").Node & { source?: { value?: unknown } | null }} node */
    function examine(node) {
      const name = node.source?.value;
      if (typeof name !== "string") return;
      const fence = fenced.find((f) => f.name.test(name));
      if (fence && !fence.only.includes(from)) {
        context.report({
          node,
          messageId: "fenced",
          data: { name, only: fence.only.join(", ") },
        });
      }
      const target = name.startsWith("@/")
        ? name.slice(2)
        : name.startsWith(".")
          ? path.relative(src, path.resolve(path.dirname(context.filename), name))
          : undefined;
      if (target === undefined) return;
      const to = target.split(path.sep);
      // Beside the interface lies only the mark of the program.
      if (to[0] === "..") return;
      if (from === "features" && to[0] === "features") {
        if (to[1] !== feature) context.report({ node, messageId: "sibling", data: { to: target } });
        return;
      }
      if (to[0] === from || to.length < 1) return;
      const allowed = layers[from] ?? [];
      if (allowed.includes(to[0]) || allowed.includes(target)) return;
      context.report({ node, messageId: "layer", data: { from, to: target } });
    }
    return {
      ImportDeclaration: examine,
      ImportExpression: examine,
      ExportNamedDeclaration: examine,
      ExportAllDeclaration: examine,
    };
  },
};

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/api/bindings.ts"] },
  js.configs.recommended,
  ts.configs.strict,
  ts.configs.stylistic,
  svelte.configs.recommended,
  prettier,
  svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    plugins: { house: { rules: { layering } } },
    rules: {
      "house/layering": "error",
      "svelte/no-at-html-tags": "error",
      // Hash routes are ours; there is no SvelteKit to resolve them.
      "svelte/no-navigation-without-resolve": "off",
      // An address is read once, whole; it is replaced, never changed in place.
      "svelte/prefer-svelte-reactivity": "off",
      "no-undef": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
    rules: { "prefer-const": "off" },
  },
);
