import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    // Our own code only: a dependency may still ship older components.
    runes: ({ filename }) => (filename.includes("node_modules") ? undefined : true),
  },
};
