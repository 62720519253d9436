import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where the wheel looks for the built console. */
const STATIC_FOLDER = "../src/tallyward/console/static";

/** A running `tallyward serve`, or dev/mock-server.mjs when there is none. */
const API = process.env["TALLYWARD_API"] ?? "http://127.0.0.1:8088";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: STATIC_FOLDER,
    emptyOutDir: true,
    chunkSizeWarningLimit: 900,
    sourcemap: false,
  },
  server: { proxy: { "/api": API } },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    environment: "node",
    restoreMocks: true,
  },
});
