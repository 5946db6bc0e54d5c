import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    port: 5173,
    strictPort: true,
    host: "127.0.0.1",
    // The mark of the program lies beside the interface.
    fs: { allow: [".", "../icons"] },
    // `lockstep serve` answers these two; with it running, the dev server shows real data.
    proxy: {
      "/rpc": "http://127.0.0.1:7420",
      "/events": "http://127.0.0.1:7420",
    },
  },
  // So that icons met only behind a lazy import do not make the first visit reload.
  optimizeDeps: { entries: ["index.html", "src/**/*.svelte"] },
  // safari16 is the oldest web view we ship into (macOS 13); WebKitGTK is newer everywhere.
  build: { target: "safari16", outDir: "dist", assetsInlineLimit: 0 },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    // One test reads the colours; the rest need no styles.
    css: { include: [/tokens\.css/] },
    setupFiles: ["src/test-setup.ts"],
  },
});
