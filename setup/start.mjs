import { buildIfChanged } from './build.mjs';
import { becomeNode } from './node24.mjs';

if (!buildIfChanged()) process.exit(1);
becomeNode(['--conditions=source', 'workers/cli/vc.ts', 'devnet', ...process.argv.slice(2)]);
