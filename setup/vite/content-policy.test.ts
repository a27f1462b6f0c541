import { expect, test } from 'vitest';
import { buildPolicy, injectedStyleHashes } from './content-policy.ts';

test('WB10 the policy allows own scripts, hashed styles, two Trusted Types policies and nothing from elsewhere', () => {
  const hashes = injectedStyleHashes();
  expect(hashes).toHaveLength(2);
  expect(hashes.every((hash) => /^'sha256-[A-Za-z0-9+/]{43}='$/.test(hash))).toBe(true);
  expect(buildPolicy(hashes)).toBe(
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' ${hashes.join(' ')}; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' {connect}; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types vc default`,
  );
});
