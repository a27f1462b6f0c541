type Stop = () => Promise<void>;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const running = new Set<Stop>();

const onSignal = (): void => void stopAll().finally(() => process.exit(130));

/** Stops all that was started and not yet stopped, the last first. */
export const stopAll = async (): Promise<void> => {
  for (const stop of [...running].reverse()) {
    running.delete(stop);
    await stop();
  }
  for (const signal of SIGNALS) process.off(signal, onSignal);
};

/** What is running ends with the bench, also when that is stopped by Ctrl-C. */
export const stopLater = (stop: Stop): void => {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, onSignal);
  running.add(stop);
};
