import { useEffect, useState } from 'react';

const unixSeconds = (): number => Math.floor(Date.now() / 1000);

/** The present, renewed often enough for ages on the screen. @unit unix seconds */
export const useNow = (everySeconds = 5): number => {
  const [now, setNow] = useState(unixSeconds);
  useEffect(() => {
    const timer = setInterval(() => setNow(unixSeconds()), everySeconds * 1000);
    return () => clearInterval(timer);
  }, [everySeconds]);
  return now;
};
