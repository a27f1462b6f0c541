/** Lets everything that is due happen: turns of the loop, then a little time, again and again. */
export const settleFor = async (clock: { readonly advance: (seconds: number) => void }, seconds = 2): Promise<void> => {
  for (let step = 0; step < 20; step++) {
    for (let turn = 0; turn < 12; turn++) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(seconds / 20);
  }
};
