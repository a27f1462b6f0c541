import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkFile } from '#protocol/params/network-file';

const DEFAULT_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
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

const WEBSOCKET = /^\/(ip4|ip6|dns|dns4|dns6)\/([0-9a-zA-Z.:-]+)\/tcp\/(\d{1,5})\/(wss?)(\/|$)/;

/** What a browser dials for a multiaddress: `ws://127.0.0.1:8500`. */
export const toWebSocketUrl = (multiaddress: string): string | undefined => {
  const [, kind, host, port, scheme] = WEBSOCKET.exec(multiaddress) ?? [];
  if (host === undefined) return undefined;
  return `${scheme}://${kind === 'ip6' ? `[${host}]` : host}:${port}`;
};

const builtPolicy = (webFolder: string): string => {
  try {
    const { policy } = JSON.parse(readFileSync(join(webFolder, 'csp.json'), 'utf8')) as { policy?: unknown };
    return typeof policy === 'string' && policy.includes(' {connect}') ? policy : DEFAULT_POLICY;
  } catch {
    return DEFAULT_POLICY;
  }
};

/** The Content-Security-Policy of every response: the built app's, with the WebSocket addresses of network.json. */
export const contentPolicy = (webFolder: string, network: NetworkFile): string => {
  const sockets = network.bootstrap.map((address) => toWebSocketUrl(address)).filter((url) => url !== undefined);
  return builtPolicy(webFolder).replace(' {connect}', sockets.map((url) => ` ${url}`).join(''));
};

/** Headers of every response, whatever it is. @source SPEC ND30 */
export const securityHeaders = (policy: string): Readonly<Record<string, string>> => ({
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
  'X-Frame-Options': 'DENY',
});
