import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// The built tests: they judge the files that users run, and their source maps lead failures back to the .ts lines.
export default defineConfig({
  test: {
    include: ['dist/test/**/*.test.js', 'dist/storage/**/*.test.js'],
    exclude: ['**/node_modules/**'],
    testTimeout: 20_000,
    // Many tests wait for a process of their own: the runner's default leaves half of a machine with two cores idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    silent: 'passed-only',
  },
});
