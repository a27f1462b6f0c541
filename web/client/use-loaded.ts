import { type DependencyList, useEffect, useState } from 'react';

/** What a call answers, asked anew when one of `on` changes; the former answer stays until then. */
export const useLoaded = <T>(load: () => Promise<T>, on: DependencyList): T | undefined => {
  const [value, setValue] = useState<T>();
  useEffect(() => {
    let current = true;
    load().then(
      (answer) => {
        if (current) setValue(() => answer);
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
    // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names what the answer depends on
  }, on);
  return value;
};
