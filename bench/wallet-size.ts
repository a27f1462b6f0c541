import { gzipSync } from 'node:zlib';
import { withChromium } from './chromium.ts';
import { devnetWithBlocks } from './devnet.ts';
import { openFreshProfile, reachFirstScreen, reachVerifiedBalance } from './fresh-profile.ts';
import { atMost, type BenchRow } from './row.ts';

const FIRST_LOAD_LIMIT = 180_000;
const CLIENT_LIMIT = 450_000;

const gzipped = async (wallet: string, paths: readonly string[]): Promise<number> => {
  const sizes = await Promise.all(
    paths.map(async (path) => gzipSync(new Uint8Array(await (await fetch(new URL(path, wallet))).arrayBuffer())).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
};

/**
 * Figures `first-load-gzip`, `client-gzip`: the files that Chromium really asks for, each by itself through gzip: until the
 * first screen is there, and until a new wallet's balance is verified: screens, workers, proofs and libp2p.
 */
export const walletSizeRows = async (): Promise<readonly BenchRow[]> => {
  const { wallet } = await devnetWithBlocks();
  const { first, all } = await withChromium(async (browser) => {
    const { page, requested } = await openFreshProfile(browser, wallet);
    await reachFirstScreen(page, wallet);
    const first = requested();
    await reachVerifiedBalance(page);
    return { first, all: requested() };
  });
  const scripts = all.filter((path) => path.endsWith('.js'));
  return [
    {
      name: 'first-load-gzip',
      ...atMost({
        unit: 'bytes',
        ours: await gzipped(wallet, first),
        limit: FIRST_LOAD_LIMIT,
        bar: '≤ 180 KB until the first screen works',
        n: first.length,
      }),
    },
    {
      name: 'client-gzip',
      ...atMost({
        unit: 'bytes',
        ours: await gzipped(wallet, all),
        limit: CLIENT_LIMIT,
        bar: '≤ 450 KB until a balance is verified, libp2p included',
        n: all.length,
        also: { 'its scripts alone': await gzipped(wallet, scripts) },
      }),
    },
  ];
};
