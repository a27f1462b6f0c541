import { schnorr } from '@noble/curves/secp256k1.js';
import { mnemonicToSeedSync } from '@scure/bip39';
import { deriveMasterKey, type HdKey } from '#protocol/crypto/hd-key';
import { invariant } from '#protocol/invariant';

/**
 * The words of the development network. They are published: whatever they own is anyone's, and is worth nothing.
 *
 * @source SPEC ND40; spec 10, genesis
 */
export const DEVELOPMENT_PHRASE = 'orange ripple anchor velvet timber saddle walnut harbor meadow ladder copper achieve';

const PURPOSE = "m/7743'/1'";

export interface SecretKey {
  readonly secret: Uint8Array;
  /** @shape 33 bytes */
  readonly publicKey: Uint8Array;
}

const toSecretKey = (key: HdKey): SecretKey => {
  invariant(key.privateKey !== undefined, 'the development phrase has private keys');
  return { secret: key.privateKey, publicKey: key.publicKey };
};

let master: HdKey | undefined;

/** Words become a seed slowly: once is enough. */
const masterKey = (): HdKey => {
  master ??= deriveMasterKey(mnemonicToSeedSync(DEVELOPMENT_PHRASE), 'test');
  return master;
};

/** Keys under one path, derived one by one from their common parent. */
class KeyRow {
  private readonly parent: HdKey;

  constructor(path: string) {
    this.parent = masterKey().derivePath(path);
  }

  at(index: number): SecretKey {
    return toSecretKey(this.parent.derive(index));
  }
}

/** Every key of the development network by its place in the tree. */
export class DevelopmentKeys {
  private readonly stakers = new KeyRow(`${PURPOSE}/0'`);
  private readonly owners = new KeyRow("m/84'/1'/9'/0");
  private readonly members = new KeyRow(`${PURPOSE}/1'`);
  private readonly agents = new KeyRow(`${PURPOSE}/2'`);

  /** An agent or anybody else who tries credit out. @source SPEC BD14 */
  agent(index: number): SecretKey {
    return this.agents.at(index);
  }

  /** The master node of an account to be registered. @source SPEC BD14 */
  account(index: number): HdKey {
    return masterKey().derivePath(`${PURPOSE}/3'/${index}'`);
  }

  staker(index: number): SecretKey {
    return this.stakers.at(index);
  }

  stakeOwner(index: number): SecretKey {
    return this.owners.at(index);
  }

  member(index: number): SecretKey {
    return this.members.at(index);
  }

  /** Faucet outputs of one node: `m/84'/1'/8'/<node>/<index>`. */
  faucet(node: number): { readonly at: (index: number) => SecretKey } {
    return new KeyRow(`m/84'/1'/8'/${node}`);
  }
}

/** @shape 32 bytes */
export const xOnly = (secret: Uint8Array): Uint8Array => schnorr.getPublicKey(secret);
