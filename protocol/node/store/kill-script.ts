import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

import { decodeField, encodeField, hash, list, struct, varBytes } from '#protocol/codec/schema';
import { isFault } from '#protocol/fault';
import { type FixtureBlock, type FixtureNode, openFixtureNode } from '../chain/chain-fixture.ts';
import { installNodeCrypto } from '../crypto/node-crypto.ts';
import type { Database } from './database.ts';

const blocksField = list(100_000, struct({ hash, header: varBytes(512), proof: varBytes(1_000_000), body: varBytes(4_000_000) }));

export const encodeScript = (blocks: readonly FixtureBlock[]): Uint8Array => encodeField(blocksField, blocks);

const decodeScript = (bytes: Uint8Array): readonly FixtureBlock[] => {
  const blocks = decodeField(blocksField, bytes);
  if (isFault(blocks)) throw new Error(blocks.fault);
  return blocks;
};

/** Says on a descriptor when a write begins and when it has ended: the killer knows what it cut. */
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

/** Opens the node in `folder` and hands it all blocks of the script, in their order, whatever it has already. */
const run = async (folder: string, script: string, marks: string, time: number): Promise<void> => {
  installNodeCrypto();
  const descriptor = openSync(marks, 'a');
  const node = await openFixtureNode(folder);
  node.setTime(time);
  tellWrites(node, (mark) => writeSync(descriptor, mark));
  writeSync(descriptor, '\n');
  await feedBlocks(node, decodeScript(new Uint8Array(readFileSync(script))));
  await node.close();
  writeSync(descriptor, 'done');
  closeSync(descriptor);
};

if (process.argv[1] === import.meta.filename) {
  const [folder = '', script = '', marks = '', time = '0'] = process.argv.slice(2);
  await run(folder, script, marks, Number(time));
}
