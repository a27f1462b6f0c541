type Stop = () => Promise<void>;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const running = new Set<Stop>();

let stopping: Promise<void> | undefined;

/** A terminal's Ctrl-C comes twice: to us, and through the process that started us. */
const onSignal = (): void => {
  stopping ??= stopAll().finally(() => process.exit(130));
};

const listen = (): void => {
  for (const signal of SIGNALS) {
    process.off(signal, onSignal);
    if (running.size > 0 || stopping !== undefined) process.on(signal, onSignal);
  }
};

/** Stops all that was started and not yet stopped, the last first. */
export const stopAll = async (): Promise<void> => {
  for (const stop of [...running].reverse()) {
    running.delete(stop);
    await stop();
  }
  listen();
};

/** What is running ends with the bench, also when that is stopped by Ctrl-C; answers how to take it off the list. */
export const stopLater = (stop: Stop): (() => void) => {
  running.add(stop);
  listen();
  return () => {
    running.delete(stop);
    listen();
  };
};
