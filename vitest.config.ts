import { defineConfig } from 'vitest/config'

export default defineConfig({
  define: { TIERLINE_VERSION: '"0.0.0-test"' },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
