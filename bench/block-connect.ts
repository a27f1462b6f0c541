import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { isFault } from '#protocol/fault';
import type { Chain } from '#protocol/node/chain/chain';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import type { Transaction } from '#protocol/tx/transaction';
import { loadBcoin } from './bcoin.ts';
import { BcoinRegtest } from './bcoin-chain.ts';
import { openNodeChain } from './coin-chain.ts';
import { payFromCoin } from './coin-set.ts';
import { type MillionCoins, millionCoins, type PaymentBlock } from './million-coins.ts';
import { alternate, atMost, type BenchRow, median, say, timeOf } from './row.ts';

const MEASURED = 1;

/** From the bytes that a peer sends to the state on disk: no payment of it was seen before. */
const connectOurs = async (chain: Chain, { header, stakeProof, hash, body }: PaymentBlock): Promise<void> => {
  const judged = await chain.acceptHeader(header, stakeProof);
  const verdict = judged === 'accepted' ? await chain.acceptBody(hash, body) : judged;
  if (verdict !== 'connected') throw new Error(`our chain did not connect a block: ${isFault(verdict) ? verdict.fault : verdict}`);
};

/** What the chain does behind the caller's back is over once it has answered another question. */
const settle = (chain: Chain, { header, stakeProof }: PaymentBlock): Promise<unknown> => chain.acceptHeader(header, stakeProof);

/** A chain of bcoin with the same coins, and as many payments of them for each block. */
interface BcoinSide {
  readonly folder: string;
  readonly payments: readonly (readonly Transaction[])[];
}

const makeBcoinSide = async ({ set, network, blocks }: MillionCoins): Promise<BcoinSide> => {
  const folder = join(network.folder, 'bcoin');
  const regtest = await BcoinRegtest.open(loadBcoin('libsecp256k1'), folder);
  const placed = (await regtest.addCoins(set)).entries();
  await regtest.close();
  say('signing the payments of bcoin');
  const payments = blocks.map((block) =>
    Array.from({ length: block.payments }, () => {
      const next = placed.next();
      if (next.done) throw new Error('bcoin has too few coins to pay from');
      return payFromCoin(...next.value);
    }),
  );
  return { folder, payments };
};

interface Contender {
  readonly name: string;
  readonly coins: number;
  readonly connect: (round: number) => Promise<number>;
  readonly close: () => Promise<void>;
}

const openBcoin = async ({ folder, payments }: BcoinSide, backend: 'native' | 'libsecp256k1'): Promise<Contender> => {
  const own = `${folder}-${backend}`;
  cpSync(folder, own, { recursive: true });
  const bcoin = loadBcoin(backend);
  const regtest = await BcoinRegtest.open(bcoin, own);
  return {
    name: `${bcoin.name}, secp256k1 by ${bcoin.curve}`,
    coins: regtest.coinCount,
    connect: async (round) => {
      const bytes = regtest.makeBlock(payments[round] ?? []);
      return timeOf(() => regtest.connect(bytes));
    },
    close: () => regtest.close(),
  };
};

const openOurs = async ({ network, blocks }: MillionCoins): Promise<Contender> => {
  installNodeCrypto();
  const { chain, close } = await openNodeChain(network, MEASURED);
  return {
    name: 'ours',
    coins: Number(chain.coinCount()),
    connect: async (round) => {
      const block = blocks[round];
      if (block === undefined) throw new Error('there are as many blocks as rounds');
      const time = await timeOf(() => connectOurs(chain, block));
      await settle(chain, block);
      return time;
    },
    close,
  };
};

/**
 * Figure `block-connect`: a block filled to the network's limit with payments of one input and two outputs, onto a million
 * coins, by the whole node's chain: header, body, signatures, rules, the trie's root, and all of it on disk. bcoin connects
 * a block of as many inputs and outputs to as many coins, and knows no root of a state. Each round is the next block.
 */
export const blockConnectRows = async (): Promise<readonly BenchRow[]> => {
  const million = await millionCoins();
  const side = await makeBcoinSide(million);
  const [ours, asItIs, lent] = [await openOurs(million), await openBcoin(side, 'native'), await openBcoin(side, 'libsecp256k1')];
  try {
    say('connecting full blocks');
    const times = await alternate({ ours: ours.connect, asItIs: asItIs.connect, lent: lent.connect });
    const peer = median(times.asItIs);
    const last = million.blocks.at(-1);
    const part = atMost({
      unit: 'ms a block',
      ours: median(times.ours),
      peers: { [asItIs.name]: peer },
      limit: peer,
      bar: '≤ bcoin, a block of as many inputs and outputs',
      n: ours.coins,
      also: {
        [`${lent.name}, the product’s`]: median(times.lent),
        'coins of bcoin': asItIs.coins,
        'payments of a block': last?.payments ?? 0,
        'weight of a block': last?.weight ?? 0,
        'largest weight': million.network.made.file.parameters.maxBlockWeight,
      },
    });
    return [{ name: 'block-connect', ...part }];
  } finally {
    for (const each of [ours, asItIs, lent]) await each.close();
  }
};
