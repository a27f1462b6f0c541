/** Asks the browser to keep this origin's data; asked from the page, on a press, as browsers want it. */
export const askPersistence = (): void => {
  void navigator.storage?.persist?.().catch(() => false);
};

export const isPersistent = async (): Promise<boolean> => (await navigator.storage?.persisted?.()) ?? false;
