import { equalBytes } from '#protocol/codec/bytes';
import { encodeHex } from '#protocol/codec/hex';
import { matchDebtScript } from '#protocol/script/forms/debt';
import { computeScriptTag } from '#protocol/script/owner-tag';
import type { TransactionOutput } from '#protocol/tx/transaction';

/**
 * An owner the wallet looks for: the tag under which its coins are filed, and the only script that makes value and credit its
 * own; a debt in the standard form is its own where it names the tag.
 */
export interface WatchedOwner {
  /** 20 bytes */
  readonly tag: Uint8Array;
  readonly script: Uint8Array;
}

/** Owners by the hexadecimal form of their tag. */
export type WatchSet = ReadonlyMap<string, WatchedOwner>;

/** Gathers the owners whose coins are looked for. */
export const makeWatchSet = (owners: readonly WatchedOwner[]): WatchSet => new Map(owners.map((owner) => [encodeHex(owner.tag), owner]));

/** Owners by the scripts that stand on their value and credit. */
export const watchScripts = (scripts: readonly Uint8Array[]): WatchSet =>
  makeWatchSet(scripts.map((script) => ({ tag: computeScriptTag(script), script })));

const debtorOf = ({ element, script }: Pick<TransactionOutput, 'element' | 'script'>): Uint8Array | undefined =>
  element === 'debt' ? matchDebtScript(script)?.tag : undefined;

/** Whether an output is an owner's: judged by its script, never by where it is filed. @source SPEC LC8 */
export const isOwnedBy = (output: Pick<TransactionOutput, 'element' | 'script'>, { tag, script }: WatchedOwner): boolean => {
  const debtor = debtorOf(output);
  return debtor === undefined ? equalBytes(script, output.script) : equalBytes(tag, debtor);
};

/** Answers for many outputs whose they are: the tag's key, or undefined. @source SPEC LC8 */
export const indexOwners = (watched: WatchSet): ((output: Pick<TransactionOutput, 'element' | 'script'>) => string | undefined) => {
  const byScript = new Map([...watched].map(([tag, owner]) => [encodeHex(owner.script), tag]));
  return (output) => {
    const debtor = debtorOf(output);
    if (debtor === undefined) return byScript.get(encodeHex(output.script));
    const tag = encodeHex(debtor);
    return watched.has(tag) ? tag : undefined;
  };
};
