import { becomeNode } from './node24.mjs';

const [file, ...args] = process.argv.slice(2);
becomeNode(['--conditions=source', file, ...args]);
