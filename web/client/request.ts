import { create } from 'zustand';

/** What the receive screen asks for: kept like any draft. */
export interface Request {
  /** as typed */
  readonly amount: string;
  readonly note: string;
}

const KEY = 'vc.request';
const MOST = 200;
const EMPTY: Request = { amount: '', note: '' };

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MOST) : '');

const load = (): Request => {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const { amount, note } = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>;
    return { amount: text(amount), note: text(note) };
  } catch {
    return EMPTY;
  }
};

export const useRequest = create<Request>(load);

/** Changes the request and keeps it: a closed tab loses nothing. @source SPEC WB18 */
export const setRequest = (change: Partial<Request>): void => {
  useRequest.setState(change);
  try {
    localStorage.setItem(KEY, JSON.stringify(useRequest.getState()));
  } catch {
    // the request then lives as long as the page
  }
};

export const clearRequest = (): void => setRequest(EMPTY);
