import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    // A test that starts the built program five times takes as long as a busy machine lets it; none measures time by this.
    testTimeout: 90_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ["default", "./test/closing-line-reporter.ts"],
  },
});
