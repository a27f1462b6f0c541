import { createRequire, Module } from 'node:module';
import { requirePeer } from './install.ts';

/** What is used of bcoin 1.0.2, which has no types of its own. */
export interface BcoinHeaders {
  hash(encoding: 'hex'): string;
}

export interface BcoinChain {
  readonly height: number;
  readonly tip: { readonly hash: string };
  readonly db: { readonly state: { readonly coin: number } };
  open(): Promise<void>;
  close(): Promise<void>;
  add(block: BcoinHeaders, flags?: number): Promise<unknown>;
}

export interface BcoinBlocks {
  fromRaw(bytes: Uint8Array): BcoinHeaders;
}

interface ChainOptions {
  readonly network: string;
  readonly memory: boolean;
  readonly spv: boolean;
  readonly checkpoints: boolean;
  readonly prefix?: string;
  /** bytes */
  readonly cacheSize?: number;
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
  'blockchain/chain': new (options: ChainOptions) => BcoinChain;
  'blockchain/common': { readonly flags: { readonly VERIFY_POW: number } };
  'primitives/block': BcoinBlocks;
  'primitives/headers': { fromRaw(bytes: Uint8Array): BcoinHeaders };
  'primitives/tx': { fromRaw(bytes: Uint8Array): BcoinTransaction };
  'coins/coinview': new () => BcoinCoinView;
  'script/common': { readonly flags: { readonly STANDARD_VERIFY_FLAGS: number } };
}

type Backend = 'js' | 'native' | 'libsecp256k1';

export interface Bcoin {
  /** of this set only as long as no other is loaded */
  readonly load: <Name extends keyof Modules>(name: Name) => Modules[Name];
  /** with what it really hashes by */
  readonly name: string;
  readonly curve: string;
}

/** libsecp256k1 as the product has it. */
interface Libsecp256k1 {
  readonly ecdsaVerify: (signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array) => boolean;
  readonly signatureImport: (der: Uint8Array) => Uint8Array;
  readonly signatureNormalize: (signature: Uint8Array) => Uint8Array;
}

/** @shape the calls of secp256k1 3.5 that bcoin verifies by */
interface BcoinCurve {
  readonly verify: (digest: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean;
  readonly signatureImport: (der: Uint8Array) => Uint8Array;
  readonly signatureImportLax: (der: Uint8Array) => Uint8Array;
  readonly signatureNormalize: (signature: Uint8Array) => Uint8Array;
}

const forget = (): void => {
  for (const file of Object.keys(requirePeer.cache))
    if (/[\\/]node_modules[\\/](?:bcoin|bcrypto|secp256k1)[\\/]/.test(file)) delete requirePeer.cache[file];
};

const makeBcoinCurve = ({ ecdsaVerify, signatureImport, signatureNormalize }: Libsecp256k1): BcoinCurve => {
  const importDer = (der: Uint8Array): Buffer => Buffer.from(signatureImport(der));
  return {
    verify: (digest, signature, publicKey) => ecdsaVerify(signature, digest, publicKey),
    signatureImport: importDer,
    signatureImportLax: importDer,
    signatureNormalize: (signature) => signatureNormalize(Buffer.from(signature)),
  };
};

const CURVE = 'secp256k1/bindings';

/** Where bcoin's own binding of libsecp256k1 did not build, the product's stands in its place: neither has the better curve. */
const lendCurve = (): void => {
  try {
    requirePeer(CURVE);
  } catch {
    const file = requirePeer.resolve(CURVE);
    const lent = new Module(file);
    lent.filename = file;
    lent.loaded = true;
    lent.exports = makeBcoinCurve(createRequire(import.meta.url)('secp256k1/bindings.js') as Libsecp256k1);
    requirePeer.cache[file] = lent;
  }
};

/**
 * bcoin on the backend named, as a fresh set of modules: it chooses once, while it is loaded. Without its native module it
 * hashes by Node's own crypto; on backend `libsecp256k1` it is native with a native curve in any case.
 */
export const loadBcoin = (backend: Backend): Bcoin => {
  const before = process.env.NODE_BACKEND;
  process.env.NODE_BACKEND = backend === 'js' ? 'js' : 'native';
  forget();
  if (backend === 'libsecp256k1') lendCurve();
  const load = <Name extends keyof Modules>(name: Name): Modules[Name] => requirePeer(`bcoin/lib/${name}`) as Modules[Name];
  load('blockchain/chain');
  load('primitives/block');
  load('primitives/tx');
  const { native } = requirePeer('bcrypto/lib/hash256') as { readonly native: 0 | 1 | 2 };
  const curve = requirePeer('bcrypto/lib/secp256k1') as { readonly native: 0 | 2 };
  if (before === undefined) delete process.env.NODE_BACKEND;
  else process.env.NODE_BACKEND = before;
  const hashes = ['JavaScript', 'node:crypto', 'native module'][native];
  return { load, name: `bcoin (${hashes})`, curve: curve.native === 2 ? 'libsecp256k1' : 'JavaScript' };
};
