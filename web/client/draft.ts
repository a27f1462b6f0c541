import { create } from 'zustand';
import type { FeeChoice } from '#workers/rpc/chain-calls';
import type { ReviewView } from '#workers/rpc/vault-calls';

export interface Draft {
  readonly to: string;
  /** as typed */
  readonly amount: string;
  readonly all: boolean;
  readonly speed: FeeChoice['speed'];
  readonly coins: readonly string[];
}

export const EMPTY_DRAFT: Draft = { to: '', amount: '', all: false, speed: 'normal', coins: [] };

const KEY = 'vc.draft';
const SPEEDS = ['slow', 'normal', 'fast'] as const;

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 4000) : '');

const load = (): Draft => {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const { to, amount, all, speed } = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>;
    return {
      ...EMPTY_DRAFT,
      to: text(to),
      amount: text(amount),
      all: all === true,
      speed: SPEEDS.find((one) => one === speed) ?? 'normal',
    };
  } catch {
    return EMPTY_DRAFT;
  }
};

interface Sending {
  readonly draft: Draft;
  /** what the vault read in the bytes; the review screen shows nothing else */
  readonly review: ReviewView | undefined;
}

export const useSending = create<Sending>(() => ({ draft: load(), review: undefined }));

/** Changes the draft and keeps it: a closed tab loses nothing. @source SPEC WB18 */
export const setDraft = (change: Partial<Draft>): void => {
  const draft = { ...useSending.getState().draft, ...change };
  useSending.setState({ draft });
  try {
    localStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // the draft then lives as long as the page
  }
};

export const setReview = (review: ReviewView | undefined): void => useSending.setState({ review });
