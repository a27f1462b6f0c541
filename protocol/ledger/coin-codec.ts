import { asHash32 } from '../codec/hash32.ts';
import { type CodecFault, decodeBytes } from '../codec/reader.ts';
import { encodeBytes } from '../codec/writer.ts';
import { encodeAmountField, readAmountField } from '../tx/amount-field.ts';
import { isLayer } from '../tx/layer.ts';
import { MAX_SCRIPT_BYTES } from '../tx/limits.ts';
import { writeOutpoint } from '../tx/outpoint.ts';
import { isTransactionType } from '../tx/transaction-type.ts';
import type { Coin } from './coin.ts';

/**
 * The value of a leaf of the coins trie.
 *
 * @shape outpoint 36 ‖ amount u64 with element bits ‖ var script ‖ layer u8 ‖ type u8 ‖ height u32 ‖ median time u32
 * @source SPEC LE2
 */
export const encodeCoin = (coin: Coin): Uint8Array =>
  encodeBytes((writer) => {
    writeOutpoint(writer, coin.outpoint);
    writer.u64(encodeAmountField(coin.element, coin.amount)).varBytes(coin.script);
    writer.u8(coin.layer).u8(coin.type).u32(coin.height).u32(coin.medianTime);
  }, 128);

/** @fault `form`, `element`, `amount-range` and the codec's @source SPEC LE2 */
export const decodeCoin = (value: Uint8Array): Coin | CodecFault =>
  decodeBytes(value, (reader) => {
    const outpoint = { txid: asHash32(reader.take(32).slice()), index: reader.u32() };
    const { element, amount } = readAmountField(reader);
    const script = reader.varBytes(MAX_SCRIPT_BYTES).slice();
    const [layer, type] = [reader.u8(), reader.u8()];
    if (!isLayer(layer) || !isTransactionType(type)) return reader.refuse('form', { layer, type });
    return { outpoint, element, amount, script, layer, type, height: reader.u32(), medianTime: reader.u32() };
  });
