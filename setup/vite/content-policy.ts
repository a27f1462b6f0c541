import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

const INJECTORS = ['interactions/usePress.mjs', 'overlays/usePreventScroll.mjs'];
const STYLE = /style\.textContent = `([\s\S]*?)`\.trim\(\)/;

const styleOf = (source: string): string => {
  const [, template] = STYLE.exec(source) ?? [];
  if (template === undefined) throw new Error('react-aria injects its style in another way now: look at setup/vite/content-policy.ts');
  return template
    .replace(/\$\{([\w$]+)\}/g, (_, name: string) => {
      const [, value] = new RegExp(`const ${name.replaceAll('$', '\\$')} = '([^']*)'`).exec(source) ?? [];
      if (value === undefined) throw new Error(`no constant ${name} in react-aria`);
      return value;
    })
    .trim();
};

/** Hashes of the styles that the component library puts into the page. */
export const injectedStyleHashes = (): string[] => {
  const root = dirname(createRequire(import.meta.url).resolve('react-aria/package.json'));
  return INJECTORS.map((file) => styleOf(readFileSync(join(root, 'dist/private', file), 'utf8'))).map(
    (style) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
};

/** The header of every response; `{connect}` stands for the WebSocket addresses of network.json. */
export const buildPolicy = (styleHashes: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' ${styleHashes.join(' ')}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self' {connect}",
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types vc default',
  ].join('; ');

/** Writes csp.json: the policy that the built app runs under, with the hashes of the styles its components inject. @source SPEC WB10 */
export const contentPolicy = (): Plugin => ({
  name: 'content-policy',
  apply: 'build',
  generateBundle() {
    const styleHashes = injectedStyleHashes();
    const source = `${JSON.stringify({ policy: buildPolicy(styleHashes), styleHashes }, undefined, 2)}\n`;
    this.emitFile({ type: 'asset', fileName: 'csp.json', source });
  },
});
