import { encodeHex } from '#protocol/codec/hex';
import { type Fault, fault } from '#protocol/fault';
import type { Child } from '#protocol/records/child';
import type { Payee } from '#protocol/records/payee';
import { encodeRealNameAddress } from '#protocol/records/real-name-address';
import type { AddressPrefix } from '#protocol/script/address';
import { type ProvenPayee, provePayee } from '#spv/sync/prove-payee';
import { isUnanswered } from '#spv/task';
import type { RealNameView } from '../rpc/chain-calls.ts';
import type { LightDriver } from './light-driver.ts';

/** Where an address leads: the script to pay, and for a real name the identity that was proved. */
export interface PayeePlace {
  readonly script: Uint8Array;
  readonly realName: RealNameView | undefined;
}

export type LocatePayee = (payee: Payee) => Promise<PayeePlace | Fault>;

/** Proves whom real-name addresses pay, and remembers for each script what was proved. @source SPEC CW44 */
export class PayeeBook {
  private readonly driver: LightDriver;
  private readonly prefix: AddressPrefix;
  private readonly proved = new Map<string, RealNameView>();

  constructor(driver: LightDriver, prefix: AddressPrefix) {
    this.driver = driver;
    this.prefix = prefix;
  }

  /** What was proved of the owner of a script in this run. */
  find(script: Uint8Array): RealNameView | undefined {
    return this.proved.get(encodeHex(script));
  }

  /** @fault `payee-unknown`: no such account is registered; `payee-unproved`: nobody answered, or there is no chain yet */
  locate: LocatePayee = async (payee) => {
    if (payee.kind !== 'real-name') return { script: payee.script, realName: undefined };
    const { chain } = this.driver;
    if (chain === undefined || chain.tip.header.height === 0) return fault('payee-unproved');
    const found = await this.driver.fromAny((peer) => provePayee(peer, chain.tip, payee));
    if (isUnanswered(found)) return fault('payee-unproved');
    return found === undefined ? fault('payee-unknown', { height: chain.tip.header.height }) : this.keep(found, payee);
  };

  private keep({ script, realName, recordedAt, provedAt, account }: ProvenPayee, child: Child): PayeePlace {
    const view: RealNameView = {
      address: encodeRealNameAddress(child, this.prefix),
      account: encodeHex(account),
      parent: realName.parent.some((byte) => byte !== 0) ? encodeHex(realName.parent) : undefined,
      commitment: encodeHex(realName.commitment),
      recordedAt,
      provedAt,
    };
    this.proved.set(encodeHex(script), view);
    return { script, realName: view };
  }
}
