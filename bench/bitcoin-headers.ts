import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BitcoinChain } from '#protocol/bitcoin/chain';
import { BITCOIN_HEADER_BYTES, hashBitcoinHeader } from '#protocol/bitcoin/header-codec';
import { useCrypto as chooseCrypto, NOBLE_HASH } from '#protocol/crypto/backend';
import { isFault } from '#protocol/fault';
import { NATIVE_HASH } from '#protocol/node/crypto/native-hash';
import type { BitcoinParameters } from '#protocol/params/parameters';
import { type Bcoin, loadBcoin } from './bcoin.ts';
import { alternate, atMost, type BenchRow, median, timeOf } from './row.ts';
import { vectorsFolder } from './vectors.ts';

const FILE = 'headers/mainnet_0_10236.bin';
/** As one message of Bitcoin's network carries them. */
const BATCH = 2_000;

const readHeaders = async (): Promise<readonly Uint8Array[]> => {
  const path = join(await vectorsFolder(), FILE);
  if (!existsSync(path)) throw new Error(`${FILE} is not in the folder that VC_VECTORS names`);
  const bytes = Uint8Array.from(readFileSync(path));
  return Array.from({ length: bytes.length / BITCOIN_HEADER_BYTES }, (_, i) =>
    bytes.slice(i * BITCOIN_HEADER_BYTES, (i + 1) * BITCOIN_HEADER_BYTES),
  );
};

const addToOurs = (headers: readonly Uint8Array[]): number => {
  const genesis = headers[0] as Uint8Array;
  const parameters: BitcoinParameters = {
    network: 'main',
    checkpoint: { height: 0, hash: hashBitcoinHeader(genesis) },
    retargets: true,
    limitBits: 0x1d00_ffff,
    sourceInterval: 0,
  };
  const chain = BitcoinChain.start(parameters, genesis);
  if (isFault(chain)) throw new Error(chain.fault);
  const now = Math.floor(Date.now() / 1_000);
  for (let from = 1; from < headers.length; from += BATCH) {
    const added = chain.accept(headers.slice(from, from + BATCH), now);
    if (isFault(added)) throw new Error(added.fault);
  }
  return chain.tip.height;
};

/** Its SPV chain checks link, bits and work; ours the median time and the clock besides. */
const addToBcoin = async ({ load }: Bcoin, headers: readonly Buffer[]): Promise<{ readonly time: number; readonly height: number }> => {
  const Chain = load('blockchain/chain');
  const { VERIFY_POW } = load('blockchain/common').flags;
  const Headers = load('primitives/headers');
  const chain = new Chain({ network: 'main', memory: true, spv: true, checkpoints: false });
  await chain.open();
  const time = await timeOf(async () => {
    for (const bytes of headers) await chain.add(Headers.fromRaw(bytes), VERIFY_POW);
  });
  const { height } = chain;
  await chain.close();
  return { time, height };
};

/** Figure `bitcoin-headers`: real headers of Bitcoin's first five retarget periods, from bytes to a checked chain. */
export const bitcoinHeadersRows = async (): Promise<readonly BenchRow[]> => {
  const headers = await readHeaders();
  const withCount = headers.slice(1).map((header) => Buffer.concat([header, Buffer.of(0)]));
  const bcoin = loadBcoin('native');
  chooseCrypto({ hash: NATIVE_HASH });
  const heights = { ours: 0, bcoin: 0 };
  const times = await alternate({
    ours: () => timeOf(() => (heights.ours = addToOurs(headers))),
    bcoin: async () => {
      const { time, height } = await addToBcoin(bcoin, withCount);
      heights.bcoin = height;
      return time;
    },
  });
  chooseCrypto({ hash: NOBLE_HASH });
  if (heights.ours !== heights.bcoin || heights.ours !== headers.length - 1) throw new Error('the chains are not equally long');
  const each = 1_000 / heights.ours;
  const peer = median(times.bcoin) * each;
  const part = atMost({
    unit: 'µs a header',
    ours: median(times.ours) * each,
    peers: { [bcoin.name]: peer },
    limit: peer,
    bar: '≤ bcoin’s SPV chain',
    n: heights.ours,
  });
  return [{ name: 'bitcoin-headers', ...part }];
};
