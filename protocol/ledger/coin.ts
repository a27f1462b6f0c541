import type { Element } from '../tx/element.ts';
import type { Layer } from '../tx/layer.ts';
import type { Outpoint } from '../tx/outpoint.ts';
import type { TransactionType } from '../tx/transaction-type.ts';

/**
 * An unspent output and where it came from.
 *
 * @unit medianTime: unix seconds, median time past of the parent of the coin's block (genesis: genesis time)
 * @source SPEC coins trie value
 */
export interface Coin {
  readonly outpoint: Outpoint;
  readonly element: Element;
  readonly amount: bigint;
  readonly script: Uint8Array;
  readonly layer: Layer;
  readonly type: TransactionType;
  readonly height: number;
  readonly medianTime: number;
}
