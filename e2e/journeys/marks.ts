import type { Page } from '@playwright/test';

export interface SeenMark {
  /** the accessible name, without what the mark stands beside */
  readonly state: string;
  /** milliseconds, of the clock that the nodes have too */
  readonly at: number;
}

const OPENS = '. What was checked';

/** From now on the page notes every accessible name that marks beside this text have, when they get it. */
export const noteMarks = (page: Page, of: string): Promise<void> =>
  page.evaluate(
    ([beside, end]) => {
      const seen: { state: string; at: number }[] = [];
      Object.assign(globalThis, { seenMarks: seen });
      const look = () => {
        for (const button of document.querySelectorAll(`button[aria-label^="${beside}: "]`)) {
          const state =
            button
              .getAttribute('aria-label')
              ?.slice(beside.length + 2)
              .replace(end, '') ?? '';
          if (!seen.some((mark) => mark.state === state)) seen.push({ state, at: Date.now() });
        }
      };
      look();
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributeFilter: ['aria-label'] });
    },
    [of, OPENS] as const,
  );

/** What was noted, in the order in which it came. */
export const notedMarks = (page: Page): Promise<readonly SeenMark[]> =>
  page.evaluate(() => (globalThis as { seenMarks?: readonly { state: string; at: number }[] }).seenMarks ?? []);
