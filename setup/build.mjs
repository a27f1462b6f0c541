import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { commandOf, runNode } from './node24.mjs';
import { hashSources } from './sources.mjs';

const STAMP = 'dist/web/.sources';

/** Builds libraries and wallet when a source changed since the last build; answers whether it is up to date now. */
export const buildIfChanged = () => {
  const sources = hashSources();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return true;
  console.error('setup: building the wallet');
  if (runNode([commandOf('typescript', 'tsc'), '-b'], { stdio: ['ignore', 2, 2] }).status !== 0) return false;
  if (runNode([commandOf('vite'), 'build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2] }).status !== 0) return false;
  writeFileSync(STAMP, sources);
  return true;
};

if (process.argv[1]?.endsWith('build.mjs')) process.exit(buildIfChanged() ? 0 : 1);
