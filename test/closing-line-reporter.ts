/**
 * Ends a test run with one plain line, `412 passed, 0 failed, 3 skipped`, for people and machines alike.
 */
import type { Reporter, TestModule } from "vitest/node";

export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    let skipped = 0;
    for (const module of modules) {
      const failedBefore = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "skipped") skipped += 1;
        else failed += 1;
      }
      // A hook or an import that failed makes a file fail without any test of it.
      if (module.state() === "failed" && failed === failedBefore) failed += 1;
    }
    // After the default reporter's own summary, which is printed in the same turn.
    setTimeout(
      () => console.log(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`),
      0,
    );
  }
}
