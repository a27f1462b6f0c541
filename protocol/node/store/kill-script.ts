import { once } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

import { decodeField, encodeField, hash, list, struct, varBytes } from '#protocol/codec/schema';
import { isFault } from '#protocol/fault';
import { type FixtureBlock, type FixtureNode, openFixtureNode } from '../chain/chain-fixture.ts';
import { fixtureGenesis } from '../chain/genesis-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import type { Database } from './database.ts';

const blocksField = list(100_000, struct({ hash, header: varBytes(512), proof: varBytes(1_000_000), body: varBytes(4_000_000) }));

export const encodeScript = (blocks: readonly FixtureBlock[]): Uint8Array => encodeField(blocksField, blocks);

const decodeScript = (bytes: Uint8Array): readonly FixtureBlock[] => {
  const blocks = decodeField(blocksField, bytes);
  if (isFault(blocks)) throw new Error(blocks.fault);
  return blocks;
};

/** Says when a write begins and when it has ended: the killer knows what it cut. */
const tellWrites = (node: FixtureNode, tell: (mark: string) => void): void => {
  const store = Reflect.get(node.chain, 'store') as object;
  const database = Reflect.get(store, 'database') as Database;
  const told: Database = {
    ...database,
    writeDurably: async (ops) => {
      tell('(');
      await database.writeDurably(ops);
      tell(')');
    },
  };
  Reflect.set(store, 'database', told);
};

export const feedBlocks = async (node: FixtureNode, blocks: readonly FixtureBlock[]): Promise<void> => {
  for (const { header, proof } of blocks) await node.chain.acceptHeader(header, proof);
  for (const { hash: name, body } of blocks) await node.chain.acceptBody(name, body);
};

const tell = (mark: string): void => void writeSync(process.stdout.fd, mark);

/** Waits, with everything loaded, for a line that names a folder; opens the node there and hands it all blocks in their order. */
const run = async (script: string, time: number): Promise<void> => {
  installNodeCrypto();
  fixtureGenesis();
  const blocks = decodeScript(new Uint8Array(readFileSync(script)));
  const [folder] = (await once(createInterface(process.stdin), 'line')) as [string];
  process.stdin.destroy();
  const node = await openFixtureNode(folder);
  node.setTime(time);
  tellWrites(node, tell);
  await feedBlocks(node, blocks);
  await node.close();
  tell('done');
};

if (process.argv[1] === import.meta.filename) {
  const [script = '', time = '0'] = process.argv.slice(2);
  await run(script, Number(time));
}
