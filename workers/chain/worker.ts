import { expose, proxy, wrap } from 'comlink';
import { encodeHex } from '#protocol/codec/hex';
import { useCrypto } from '#protocol/crypto/backend';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { executeJob } from '#spv/proof/execute-job';
import type { Job, Reply } from '#spv/task';
import { ComputePool, type ComputeThread } from '../compute/pool.ts';
import { browserPlatform } from '../platform/browser.ts';
import type { NetworkListener, PeerStreams } from '../platform/port.ts';
import { WASM_HASH } from '../platform/wasm-hash.ts';
import type { ChainCalls } from '../rpc/chain-calls.ts';
import type { ChainView } from '../rpc/chain-view.ts';
import { COMPUTE_WANTED } from '../rpc/compute-wanted.ts';
import type { ChainForVault } from '../rpc/vault-chain-port.ts';
import { ChainService } from './chain-service.ts';
import { askFaucet } from './faucet.ts';
import { readIdentity } from './identity.ts';
import { Leadership, type Led } from './leadership.ts';

useCrypto({ hash: WASM_HASH });

/** The first message of the window: what the worker needs, and the ports that the window never reads. */
export interface ChainStart {
  readonly networkFile: Uint8Array;
  readonly net: MessagePort;
  readonly vault: MessagePort;
  /** threads that check proofs; none: this worker checks them itself */
  readonly compute: readonly MessagePort[];
}

/** Calls that another thread may make; the compiler asks for each of them. */
const CALLS = Object.keys({
  network: true,
  activity: true,
  payment: true,
  coins: true,
  debts: true,
  parseRecipient: true,
  feeChoices: true,
  planPayment: true,
  planDraw: true,
  planRepay: true,
  planRequest: true,
  planRoll: true,
  planGrant: true,
  group: true,
  paymentUri: true,
  verifyMessage: true,
  checkAgain: true,
  setLabel: true,
  exportLabels: true,
  importLabels: true,
  exportActivity: true,
  setPrivacy: true,
  requestFaucet: true,
  dismissAlarms: true,
  forgetChain: true,
} satisfies Record<Exclude<keyof ChainCalls, 'watch'>, true>);

const VAULT_CALLS = Object.keys({
  setAccounts: true,
  coinsOf: true,
  placesOf: true,
  spendableValue: true,
  realNameOf: true,
  accountsWithCoins: true,
  isPastPayee: true,
  lookAlike: true,
  reserveAddress: true,
  relay: true,
  proveOutputs: true,
  relayTogether: true,
} satisfies Record<keyof ChainForVault, true>);

const ALLOWED: ReadonlySet<string> = new Set([...CALLS, ...VAULT_CALLS]);

const report = (error: unknown): void => {
  // a bug is shown where the window's own errors are; it never carries a secret, since none is here
  queueMicrotask(() => {
    throw error;
  });
};

const makeStreams = (port: MessagePort): PeerStreams => {
  const remote = wrap<PeerStreams>(port);
  return {
    start: (listener) => remote.start(proxy({ ...listener }) as unknown as NetworkListener),
    dial: (address) => remote.dial(address),
    ask: (peer, protocol, request, bounds) => remote.ask(peer, protocol, request, bounds),
    subscribe: (topic) => remote.subscribe(topic),
    hangUp: (peer) => remote.hangUp(peer),
    received: () => remote.received(),
    stop: () => remote.stop(),
  };
};

/** The window starts the threads behind the ports when it is told that there is work; until then the ports hold it. */
const makeCompute = (ports: readonly MessagePort[]): ((job: Job) => Promise<Reply>) => {
  if (ports.length === 0) return async (job) => executeJob(job);
  let told = false;
  const rest = [...ports];
  const pool = new ComputePool(ports.length, (): ComputeThread => {
    const port = rest.pop() as MessagePort;
    const remote = wrap<{ run: (job: Job) => Reply }>(port);
    return { run: async (job) => (await remote.run(job)) as Reply, end: () => port.close() };
  });
  return (job) => {
    if (!told) postMessage(COMPUTE_WANTED);
    told = true;
    return pool.run(job);
  };
};

const isCallable = (value: unknown): value is (...args: readonly unknown[]) => Promise<unknown> => typeof value === 'function';

const lead = async (start: ChainStart, streams: PeerStreams, broadcast: (view: unknown) => void): Promise<Led> => {
  const identity = readIdentity(start.networkFile);
  if (isFault(identity)) throw new Failure(identity.fault);
  const service = await ChainService.open(identity, {
    platform: browserPlatform,
    network: streams,
    compute: makeCompute(start.compute),
    onView: broadcast,
    failed: report,
    faucet: identity.network === 'dev' ? askFaucet : undefined,
  });
  service.start().catch(report);
  return {
    call: async (_, method, args) => {
      const action: unknown = ALLOWED.has(method) ? service[method as keyof ChainForVault] : undefined;
      if (!isCallable(action)) throw new Failure('unknown-call');
      return action(...args);
    },
    stop: () => service.stop(),
  };
};

const forwarder = (leadership: Leadership, target: string, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, (...args: readonly unknown[]) => leadership.call(target, name, args)]));

export const begin = ({ data: start }: MessageEvent<ChainStart>): void => {
  const identity = readIdentity(start.networkFile);
  if (isFault(identity)) throw new Failure(identity.fault);
  const listeners: ((view: ChainView) => void)[] = [];
  const streams = makeStreams(start.net);
  let last: ChainView | undefined;
  const leadership = new Leadership(browserPlatform, `valuecyber-${encodeHex(identity.genesis).slice(0, 32)}`, {
    lead: (broadcast) => lead(start, streams, broadcast),
    onView: (view) => {
      last = { ...(view as ChainView), follower: !leadership.leading };
      for (const listener of listeners) listener(last);
    },
  });
  expose({
    ...forwarder(leadership, 'screens', CALLS),
    watch: async (listener: (view: ChainView) => void) => {
      listeners.push(listener);
      if (last !== undefined) listener(last);
    },
    setVisible: (visible: boolean) => leadership.setVisible(visible),
  });
  expose(forwarder(leadership, 'vault', VAULT_CALLS), start.vault);
  leadership.start();
  postMessage('ready');
};
