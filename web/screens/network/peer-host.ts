const PLACE = /^\/(?:ip4|ip6|dns|dns4|dns6|dnsaddr)\/([^/]+)(?:\/(?:tcp|udp)\/(\d+))?/;

/** The host and port that a multiaddress begins with, else the whole of it. */
export const hostOf = (multiaddress: string): string => {
  const [, host, port] = PLACE.exec(multiaddress) ?? [];
  if (host === undefined) return multiaddress;
  return port === undefined ? host : `${host}:${port}`;
};
