import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source', 'node', 'import'], externalConditions: ['source', 'node', 'import'] } },
  test: {
    include: ['protocol/**/*.test.ts', 'spv/**/*.test.ts', 'workers/**/*.test.ts', 'web/**/*.test.{ts,tsx}', 'setup/**/*.test.ts'],
    env: {
      VC_VECTORS: process.env.VC_VECTORS ?? '../shared/vectors',
      VC_REFERENCE: process.env.VC_REFERENCE ?? '../shared/reference',
    },
    maxWorkers: '100%',
    testTimeout: process.env.VC_SOAK === undefined ? 180_000 : 7_200_000,
    hookTimeout: 180_000,
  },
});
