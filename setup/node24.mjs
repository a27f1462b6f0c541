import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const packages = join(process.cwd(), 'node_modules');
const windows = process.platform === 'win32';

/** The Node that the project pins, whatever Node runs this file. */
export const NODE = join(packages, 'node', 'bin', windows ? 'node.exe' : 'node');

export const environment = {
  ...process.env,
  PATH: [dirname(NODE), join(packages, '.bin'), process.env.PATH].join(delimiter),
};

/** Path of a package's own command, to be run by NODE. */
export const commandOf = (name, command = name) => {
  const folder = join(packages, name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
};

export const runNode = (args, options = {}) => spawnSync(NODE, args, { stdio: 'inherit', env: environment, ...options });

/** Becomes the child: signals go to it, its exit code is ours. */
export const becomeNode = (args) => {
  const child = spawn(NODE, args, { stdio: 'inherit', env: environment });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
};
