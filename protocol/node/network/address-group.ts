const isLoopback4 = (host: string): boolean => host.startsWith('127.');

/**
 * The part of an address that one operator is likely to own as a whole: /16 of IPv4, /32 of IPv6, the name of a host.
 * Undefined for loopback, which is shared by everything on the machine, and for addresses that go through a relay.
 *
 * @source SPEC NW6
 */
export const addressGroup = (multiaddress: string): string | undefined => {
  if (multiaddress.includes('/p2p-circuit')) return undefined;
  const [, kind, host = ''] = multiaddress.split('/');
  if (kind === 'ip4') return isLoopback4(host) ? undefined : host.split('.').slice(0, 2).join('.');
  if (kind === 'ip6') {
    if (host === '::1') return undefined;
    const mapped = host.match(/^::ffff:(\d+\.\d+)\.\d+\.\d+$/i);
    if (mapped?.[1] !== undefined) return mapped[1].startsWith('127.') ? undefined : mapped[1];
    return host.toLowerCase().split(':').slice(0, 2).join(':');
  }
  return kind?.startsWith('dns') ? host.toLowerCase() : undefined;
};

export const addressHost = (multiaddress: string): string => multiaddress.split('/')[2] ?? '';
