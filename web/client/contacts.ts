import type { ChainCalls } from '#workers/rpc/chain-calls';
import { outsideText } from '../text/outside-text.ts';

export interface Contact {
  readonly address: string;
  readonly name: string;
}

const contactOf = (line: string): Contact | undefined => {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null) return undefined;
    const { type, ref, label } = entry as Record<string, unknown>;
    if (type !== 'addr' || typeof ref !== 'string' || typeof label !== 'string' || label === '') return undefined;
    return { address: ref, name: outsideText(label) };
  } catch {
    return undefined;
  }
};

/** Contacts are address labels in BIP329's lines: one kind of thing, exported and imported with the rest. @source BIP329 */
export const contactsOf = (labels: string): readonly Contact[] =>
  labels
    .split('\n')
    .map(contactOf)
    .filter((contact) => contact !== undefined)
    .sort((one, other) => one.name.localeCompare(other.name));

export const loadContacts = async (chain: ChainCalls): Promise<readonly Contact[]> => contactsOf(await chain.exportLabels());
