import { spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const windows = process.platform === 'win32';

/** The Node that the project pins, whatever Node runs this file. */
export const NODE = join(dirname(require.resolve('node/package.json')), 'bin', windows ? 'node.exe' : 'node');

export const environment = {
  ...process.env,
  PATH: [dirname(NODE), join(process.cwd(), 'node_modules', '.bin'), process.env.PATH].join(delimiter),
};

/** Path of a package's own command, to be run by NODE. */
export const commandOf = (name, command = name) => {
  const manifest = require.resolve(`${name}/package.json`);
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]);
};

export const runNode = (args, options = {}) => spawnSync(NODE, args, { stdio: 'inherit', env: environment, ...options });

/** Becomes the child: signals go to it, its exit code is ours. */
export const becomeNode = (args) => {
  const child = spawn(NODE, args, { stdio: 'inherit', env: environment });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
};
