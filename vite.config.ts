import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { contentPolicy } from './setup/vite/content-policy.ts';
import { release } from './setup/vite/release.ts';
import { twoLocales } from './setup/vite/two-locales.ts';

const layer = fileURLToPath(new URL('.', import.meta.url));
const node = 'http://localhost:8480';

export default defineConfig({
  plugins: [react(), tailwindcss(), twoLocales(), contentPolicy(), release()],
  resolve: { alias: [{ find: /^#(protocol|spv|workers)\/(.*)$/, replacement: `${layer}$1/$2.ts` }] },
  worker: { format: 'es' },
  build: {
    outDir: 'dist/web',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { index: 'index.html', sw: 'workers/shell/service-worker.ts' },
      output: { entryFileNames: ({ name }) => (name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') },
    },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(
      ['/network.json', '/faucet', '/health', '/status'].map((path) => [
        path,
        { target: node, changeOrigin: true, headers: { origin: node } },
      ]),
    ),
  },
});
