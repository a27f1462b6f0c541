/** One sentence for every code that can reach a screen: what happened and what to do. */
export const faults: Readonly<Record<string, string>> = {
  'amount-empty': 'Enter an amount.',
};
