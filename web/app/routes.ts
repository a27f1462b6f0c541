/**
 * Every place of the app, as it stands behind the `#` of its address, so that no server learns where the person is.
 *
 * @source SPEC WB7
 */
export const ROUTES = {
  wallet: '/',
  activity: '/activity',
  payment: '/activity/:txid',
  network: '/network',
  more: '/more',
  receive: '/receive',
  send: '/send',
  review: '/send/review',
  backup: '/backup',
  settings: '/settings',
  coins: '/coins',
  debts: '/debts',
  together: '/together',
  group: '/group',
  contacts: '/contacts',
  messages: '/messages',
  help: '/help',
} as const;

/** Shown while there is no wallet yet. */
export const FIRST_ROUTES = { welcome: '/', create: '/create', restore: '/restore' } as const;

export const paymentPath = (txid: string): string => `/activity/${txid}`;

export const sendPath = (to: string): string => `/send?to=${encodeURIComponent(to)}`;
