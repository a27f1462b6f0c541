import { create } from 'zustand';

interface Persistence {
  /** the browser's answer: whether it keeps this origin's data when space is short; undefined: not known yet */
  readonly kept: boolean | undefined;
}

export const usePersistence = create<Persistence>(() => ({ kept: undefined }));

const keep = (kept: boolean): void => usePersistence.setState({ kept });

/** Asks the browser to keep this origin's data; asked from the page, on a press, as browsers want it. @source SPEC WB17 */
export const askPersistence = async (): Promise<void> => {
  keep((await navigator.storage?.persist?.().catch(() => false)) ?? false);
};

/** Learns what was answered before. */
export const readPersistence = async (): Promise<void> => {
  keep((await navigator.storage?.persisted?.().catch(() => false)) ?? false);
};

/** Bytes that this origin holds here, about. */
export const bytesStored = async (): Promise<number | undefined> => (await navigator.storage?.estimate?.().catch(() => undefined))?.usage;
