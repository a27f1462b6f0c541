import { requirePeer } from './install.ts';

/** What is used of bcoin 1.0.2, which has no types of its own. */
export interface BcoinHeaders {
  hash(encoding: 'hex'): string;
}

export interface BcoinChain {
  readonly height: number;
  open(): Promise<void>;
  close(): Promise<void>;
  add(block: BcoinHeaders, flags: number): Promise<unknown>;
}

export interface BcoinCoinView {
  addTX(transaction: BcoinTransaction, height: number): void;
}

export interface BcoinTransaction {
  isSane(): boolean;
  isFinal(height: number, time: number): boolean;
  verifyInputs(view: BcoinCoinView, height: number): boolean;
  verify(view: BcoinCoinView, flags: number): boolean;
}

interface Modules {
  'blockchain/chain': new (options: { network: string; memory: boolean; spv: boolean; checkpoints: boolean }) => BcoinChain;
  'blockchain/common': { readonly flags: { readonly VERIFY_POW: number } };
  'primitives/headers': { fromRaw(bytes: Uint8Array): BcoinHeaders };
  'primitives/tx': { fromRaw(bytes: Uint8Array): BcoinTransaction };
  'coins/coinview': new () => BcoinCoinView;
  'script/common': { readonly flags: { readonly STANDARD_VERIFY_FLAGS: number } };
}

type Backend = 'js' | 'native';

export interface Bcoin {
  readonly load: <Name extends keyof Modules>(name: Name) => Modules[Name];
  /** with what it really hashes by */
  readonly name: string;
}

const forget = (): void => {
  for (const file of Object.keys(requirePeer.cache))
    if (/[\\/]node_modules[\\/](?:bcoin|bcrypto|secp256k1)[\\/]/.test(file)) delete requirePeer.cache[file];
};

/** bcoin on the backend named, as a fresh set of modules: it chooses once, while it is loaded. Without its native module it hashes by Node's own crypto. */
export const loadBcoin = (backend: Backend): Bcoin => {
  const before = process.env.NODE_BACKEND;
  process.env.NODE_BACKEND = backend;
  forget();
  const load = <Name extends keyof Modules>(name: Name): Modules[Name] => requirePeer(`bcoin/lib/${name}`) as Modules[Name];
  load('blockchain/chain');
  load('primitives/tx');
  const { native } = requirePeer('bcrypto/lib/hash256') as { readonly native: 0 | 1 | 2 };
  if (before === undefined) delete process.env.NODE_BACKEND;
  else process.env.NODE_BACKEND = before;
  return { load, name: `bcoin (${['JavaScript', 'node:crypto', 'native module'][native]})` };
};
