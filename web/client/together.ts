import { create } from 'zustand';

const KEY = 'vc.together';
/** a draft of one transaction; a longer one is kept for as long as the page lives */
const MOST = 400_000;

interface Together {
  /** the draft that is open, as its file has it; empty: none */
  readonly text: string;
}

const load = (): string => {
  try {
    return (localStorage.getItem(KEY) ?? '').slice(0, MOST);
  } catch {
    return '';
  }
};

export const useTogether = create<Together>(() => ({ text: load() }));

/** Opens a draft and keeps it: a closed tab loses nothing. @source SPEC WB22 */
export const setTogether = (text: string): void => {
  useTogether.setState({ text });
  try {
    if (text === '' || text.length > MOST) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, text);
  } catch {
    // the draft then lives as long as the page
  }
};
