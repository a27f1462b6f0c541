import { utf8 } from '@scure/base';
import { decodeReversedHex, type Hash32 } from '#protocol/codec/hash32';
import { encodeHex } from '#protocol/codec/hex';
import { type ConformanceAdapter, ConformanceTally, parseJson, toBytes } from '#protocol/conformance/report';
import { isFault } from '#protocol/fault';
import { encodeLabels, parseLabels } from './labels.ts';
import { orderInputs, orderOutputs } from './payment-order.ts';

const sortKeys = (text: string): string => {
  const record = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return JSON.stringify(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
};

/** bips/bip-0329_labels.jsonl: each record, read and written again, says what it said. */
export const checkBip329: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const lines = utf8.encode(contents).split('\n');
  for (const line of lines.filter((text) => text.trim() !== '')) {
    const labels = parseLabels(line);
    tally.judge(line, !isFault(labels) && labels.length === 1 && sortKeys(encodeLabels(labels)) === sortKeys(line));
  }
  return tally.report();
};

interface OrderFile {
  readonly inputs: readonly {
    readonly description: string;
    readonly inputs: readonly { readonly txId: string; readonly vout: number }[];
    readonly expected: readonly number[];
  }[];
  readonly outputs: readonly {
    readonly description: string;
    readonly outputs: readonly { readonly script: string; readonly value: number }[];
    readonly expected: readonly number[];
  }[];
}

/** Items that look alike may stand in each other's place. */
const isOrder = (ordered: readonly string[], given: readonly string[], expected: readonly number[]): boolean =>
  ordered.length === given.length && ordered.every((item, place) => item === given[expected[place] ?? -1]);

/** wallet/bip69.json: orders of inputs and of outputs. */
export const checkBip69: ConformanceAdapter = (contents) => {
  const tally = new ConformanceTally();
  const file = parseJson(contents) as OrderFile;
  for (const { description, inputs, expected } of file.inputs) {
    const given = inputs.map(({ txId, vout }) => ({ outpoint: { txid: decodeReversedHex(txId) as Hash32, index: vout } }));
    const show = ({ outpoint }: (typeof given)[number]): string => `${encodeHex(outpoint.txid)}:${outpoint.index}`;
    tally.judge(`inputs: ${description}`, isOrder(orderInputs(given).map(show), given.map(show), expected));
  }
  for (const { description, outputs, expected } of file.outputs) {
    const given = outputs.map(({ script, value }) => ({ amount: BigInt(value), script: toBytes(script) }));
    const show = ({ amount, script }: (typeof given)[number]): string => `${amount}:${encodeHex(script)}`;
    tally.judge(`outputs: ${description}`, isOrder(orderOutputs(given).map(show), given.map(show), expected));
  }
  return tally.report();
};
