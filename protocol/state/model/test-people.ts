import { encodeHex } from '../../codec/hex.ts';
import { hash160, sha256 } from '../../crypto/hash.ts';
import { DEV_PARAMETERS } from '../../params/networks.ts';
import type { Parameters } from '../../params/parameters.ts';
import type { TransactionOutput } from '../../tx/transaction.ts';
import { buildGenesis, type Genesis } from '../genesis.ts';
import { GENESIS_TIME, VC } from '../test-chain.ts';
import { type Key, Keyring, multisigOf, timeLockOf } from './test-keyring.ts';
import { bytesOf, type Hex } from './test-naive-forms.ts';

/** A network on which terms of 512 seconds are two blocks long, and stakes so small that they bound what is granted. */
export const PARAMETERS: Parameters = {
  ...DEV_PARAMETERS,
  slotLength: 64,
  targetSpacing: 256,
  stallTime: 768,
  badDebtAge: 6,
  coinbaseMaturity: 3,
  creditPeriod: 30,
  recordDelay: 2,
  minOutput: 500n,
};

export interface Account {
  readonly id: Hex;
  readonly xpub: Hex;
  readonly master: Key;
  readonly children: readonly { readonly index: number; readonly key: Key }[];
}

const accountOf = (keyring: Keyring, number: number): Account => {
  const master = keyring.test(number);
  const chainCode = sha256(Uint8Array.of(number & 255, number >> 8));
  const xpub = `043587cf${'00'.repeat(9)}${encodeHex(chainCode)}${master.publicKey}`;
  const children = [1, 300].map((index) => ({ index, key: keyring.child(master, chainCode, index) }));
  return { id: encodeHex(hash160(bytesOf(xpub.slice(26)))), xpub, master, children };
};

/** Who takes part in a history, and the scripts they own coins by. */
export class People {
  readonly keyring = new Keyring();
  readonly accounts = [8_000, 8_001].map((number) => accountOf(this.keyring, number));
  readonly users = [
    ...[2_000, 2_001, 2_002, 2_003].map((number) => this.keyring.test(number)),
    ...this.accounts.flatMap(({ master, children }) => [master, ...children.map(({ key }) => key)]),
  ];
  readonly agents = [7_000, 7_001].map((number) => this.keyring.test(number));
  readonly members = [5_000, 5_001, 5_002, 5_003, 5_004, 5_005].map((number) => this.keyring.test(number));
  readonly founders = this.members.slice(0, 4).map(({ publicKey }) => publicKey);
  readonly owners = Array.from({ length: 64 }, (_, i) => this.keyring.test(1_000 + i));
  readonly stakers = Array.from({ length: 64 }, (_, i) => this.keyring.even(i));
  readonly joint = [0, 1, 2].map((i) => {
    const keys = [this.users[i] as Key, this.users[i + 1] as Key].map(({ publicKey }) => publicKey).sort();
    return this.keyring.hide(multisigOf(2, keys));
  });
  readonly timeLocks = [4, 9, 20].map((height, i) => {
    const [claimer, refunded] = [this.users[i] as Key, this.users[i + 1] as Key];
    return this.keyring.hide(timeLockOf(claimer, refunded, height <= 16 ? (0x50 + height).toString(16) : `01${height.toString(16)}`));
  });
  readonly single = this.users.slice(0, 5).map(({ publicKey }) => this.keyring.hide(`21${publicKey}ac`));

  stakeScript(index: number, share: number, owner: Hex): Hex {
    const bytes = [share & 255, share >> 8].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `20${this.stakers[index]?.publicKey.slice(2)}02${bytes}6d${owner}`;
  }

  genesis(): Genesis {
    const output = (element: TransactionOutput['element'], amount: bigint, script: Hex): TransactionOutput => ({
      ...{ element, amount },
      script: bytesOf(script),
    });
    const stake = (key: Key, i: number) =>
      output('value', (3n + BigInt(i % 5)) * VC, this.stakeScript(i, (i * 997) % 10_001, `0014${key.tag}`));
    return buildGenesis(
      {
        name: PARAMETERS.name,
        time: GENESIS_TIME,
        stakes: this.owners.map(stake),
        sources: [0, 1, 2, 3].map((i) =>
          output('credit', VC << BigInt(i), multisigOf(1 + (i % 2), this.founders.slice(i % 3, (i % 3) + 2))),
        ),
        circulation: [...this.users, ...this.users, ...this.agents].map(({ tag }) => output('value', 20n * VC, `0014${tag}`)),
        members: this.founders.map(bytesOf),
      },
      PARAMETERS,
    );
  }
}
