import type { Transaction } from '../tx/transaction.ts';
import type { Header } from './header.ts';

/** A version of the previous height that a block references, with its stake proof. */
export interface ReferencedVersion {
  readonly header: Header;
  readonly stakeProof: Uint8Array;
}

/** Transactions in their order, and the other blocks of the height below that are referenced. */
export interface BlockBody {
  readonly transactions: readonly Transaction[];
  readonly versions: readonly ReferencedVersion[];
}

/** A header and the body it commits to. */
export interface Block {
  readonly header: Header;
  readonly body: BlockBody;
}
