import { defineConfig } from 'vitest/config';

// The built tests: they judge the files that users run, and their source maps lead failures back to the .ts lines.
export default defineConfig({
  test: {
    include: ['dist/test/**/*.test.js', 'dist/storage/**/*.test.js'],
    exclude: ['**/node_modules/**'],
    testTimeout: 20_000,
    silent: 'passed-only',
  },
});
