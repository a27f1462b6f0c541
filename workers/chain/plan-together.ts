import { planAuthorisation } from '#protocol/admission/build-authorisation';
import { isLiveSource } from '#protocol/admission/check-sources';
import { decodeGroup, type GroupMembers } from '#protocol/admission/group';
import { encodeHex } from '#protocol/codec/hex';
import { planRoll } from '#protocol/debt/build-roll';
import type { Draft } from '#protocol/draft/draft';
import { encodeDraftFile } from '#protocol/draft/draft-text';
import { type Fault, fault, isFault } from '#protocol/fault';
import { isSource } from '#protocol/ledger/check-layer-type';
import type { Coin } from '#protocol/ledger/coin';
import { ADMISSION_KEY, GROUP_TABLE } from '#protocol/records/tables';
import { decodeAddress } from '#protocol/script/address';
import { matchMultisig } from '#protocol/script/forms/multisig';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import { type WatchSet, watchScripts } from '#spv/coins/watch-set';
import { proveRecords } from '#spv/sync/prove-records';
import { isUnanswered } from '#spv/task';
import type { GrantIntent, GroupView, RequestIntent, RollIntent, SourceView } from '../rpc/chain-calls.ts';
import type { ProvedOutput, WantedOutput } from '../rpc/vault-chain-port.ts';
import type { FoundCoins } from './coin-sync.ts';
import type { LightDriver } from './light-driver.ts';
import { coinOf, creditFor, draftDraw, moneyFor, PER_THOUSAND, placeAtTip } from './plan-debt.ts';
import { sourceScripts } from './source-scripts.ts';
import { displayOutpoint, type Wallet, type WalletCoin } from './wallet.ts';

interface ProvedGroup {
  readonly members: GroupMembers;
  readonly recordedAt: number;
  readonly provedAt: number;
}

const smallest = (entries: readonly WalletCoin[]): WalletCoin | undefined =>
  entries.toSorted((a, b) => (a.coin.amount < b.coin.amount ? -1 : 1))[0];

/** Plans what several people sign, out of coins and records that were proved for it. @source SPEC CW49 */
export class TogetherPlanner {
  private readonly wallet: Wallet;
  private readonly driver: LightDriver;
  private readonly lookUp: (watched: WatchSet) => Promise<FoundCoins | Fault>;

  constructor(wallet: Wallet, driver: LightDriver, lookUp: (watched: WatchSet) => Promise<FoundCoins | Fault>) {
    this.wallet = wallet;
    this.driver = driver;
    this.lookUp = lookUp;
  }

  private textOf(draft: Draft): string {
    return encodeDraftFile({ network: this.wallet.parameters.name, before: [], draft });
  }

  private async coinsUnder(scripts: readonly Uint8Array[]): Promise<readonly Coin[] | Fault> {
    const found = await this.lookUp(watchScripts(scripts));
    if (isFault(found)) return found;
    return [...(found as FoundCoins).owners.values()]
      .flat()
      .map(({ medianTime, time, ...coin }) => ({ ...coin, medianTime: medianTime ?? time }));
  }

  /** Coins of anybody, by their owners' complete lists; what is not there is left out. @source SPEC CW48 */
  async proveOutputs(wanted: readonly WantedOutput[]): Promise<readonly ProvedOutput[] | Fault> {
    if (this.driver.disputes.size > 0) return fault('undecided');
    const found = await this.lookUp(watchScripts(wanted.map(({ holder }) => holder)));
    if (isFault(found)) return found;
    const { owners, height: provedAt } = found as FoundCoins;
    const names = new Set(wanted.map(({ outpoint }) => outpoint));
    return [...owners.values()].flat().flatMap((coin) => {
      const outpoint = displayOutpoint(coin);
      if (!names.has(outpoint)) return [];
      const { element, amount, script, layer, type, height, medianTime, time } = coin;
      return [{ outpoint, element, amount, script, layer, type, height, medianTime: medianTime ?? time, provedAt }];
    });
  }

  private spendable(account: number): readonly WalletCoin[] {
    return this.wallet.coins(account).filter(({ state }) => state === 'spendable');
  }

  private async agentCredit(address: string): Promise<readonly Coin[] | Fault> {
    const agent = decodeAddress(address.trim(), this.wallet.parameters.addressPrefix);
    if (isFault(agent)) return agent;
    const coins = await this.coinsUnder([agent.script]);
    return isFault(coins) ? coins : (coins as readonly Coin[]).filter(({ element, layer }) => element === 'credit' && layer === 0);
  }

  /**
   * An agent's credit becomes money and a debt in the name of a coin of ours, whose signature is the consent.
   *
   * @shape moneyScript: an address of the account that was not given out
   * @fault those of addresses and of `planDraw`; `no-credit`: the agent has none; `consent-coin`: no coin of ours to agree with
   * @source SPEC CW49; spec 04, credit 2, consent rule
   */
  async planRequest(intent: RequestIntent, moneyScript: Uint8Array): Promise<string | Fault> {
    const consent = smallest(this.spendable(intent.account));
    const owner = consent && this.wallet.addresses.find(consent.tag)?.owner;
    if (consent === undefined || owner === undefined) return fault('consent-coin');
    const credit = await this.agentCredit(intent.agent);
    if (isFault(credit)) return credit;
    const { chain } = this.driver;
    if (credit.length === 0 || chain === undefined) return fault('no-credit');
    const drawing = { credit: credit as readonly Coin[], consent: coinOf(consent), tag: owner.tag, moneyScript };
    const draft = draftDraw(drawing, intent, chain);
    return isFault(draft) ? draft : this.textOf(draft);
  }

  /** Credit of an agent, or of our own: of an overdue debtor too, who may go on with it to the last unit. */
  private async creditFor({ agent, account }: RollIntent, debt: WalletCoin): Promise<readonly Coin[] | Fault> {
    if (agent.trim() !== '') return this.agentCredit(agent);
    const isOwn = ({ coin, underWay, state }: WalletCoin): boolean =>
      coin.element === 'credit' && !underWay && (state === 'credit' || state === 'frozen');
    return creditFor(this.wallet.coins(account), debt.coin.amount, isOwn);
  }

  /**
   * A debt of ours goes on under a new term, as much credit is used up, and money of ours pays the fee: where the debt is
   * overdue its own name's first, whose rest stays there.
   *
   * @shape changeScript: an address of the account that was not given out
   * @fault `debt-absent`; `no-credit`; those of addresses and of `planRoll`
   * @source SPEC CW49, BD7; spec 04, credit 4
   */
  async planRoll(intent: RollIntent, changeScript: Uint8Array): Promise<string | Fault> {
    const { parameters } = this.wallet;
    const entries = this.wallet.coins(intent.account);
    const debt = entries.find(({ state, coin, underWay }) => state === 'debt' && !underWay && displayOutpoint(coin) === intent.debt);
    if (debt === undefined) return fault('debt-absent');
    const credit = await this.creditFor(intent, debt);
    if (isFault(credit)) return credit;
    const { chain } = this.driver;
    const [first] = credit as readonly Coin[];
    if (first === undefined || chain === undefined) return fault('no-credit');
    const money = moneyFor(entries, [debt]);
    const frozen = money.find(({ state }) => state === 'frozen');
    const draft = planRoll(
      {
        debt: coinOf(debt),
        credit: credit as readonly Coin[],
        term: { kind: 'expiry', lockTime: intent.due },
        creditScript: first.script,
        place: placeAtTip(chain),
      },
      {
        coins: money.map(coinOf),
        changeScript: frozen?.coin.script ?? changeScript,
        feeRate: intent.feeRate * PER_THOUSAND,
        parameters,
      },
    );
    return isFault(draft) ? draft : this.textOf(draft);
  }

  private async proveGroup(): Promise<ProvedGroup | Fault> {
    const { chain } = this.driver;
    if (chain === undefined || chain.tip.header.height === 0) return fault('group-unproved');
    const found = await this.driver.fromAny((peer) => proveRecords(peer, chain.tip, { table: GROUP_TABLE, key: ADMISSION_KEY }));
    if (isUnanswered(found)) return fault('group-unproved');
    const [record] = found.records;
    if (record === undefined) return fault('group-absent');
    const members = decodeGroup(record.value, this.wallet.parameters);
    return isFault(members) ? members : { members, recordedAt: record.height, provedAt: found.height };
  }

  private async sourcesOf(members: GroupMembers): Promise<readonly Coin[] | Fault> {
    const coins = await this.coinsUnder(sourceScripts(members));
    if (isFault(coins)) return coins;
    return (coins as readonly Coin[]).filter((coin) => isSource(coin) && isLiveSource(coin.script, members));
  }

  /** @fault `group-unproved`: nobody answered; `group-absent`; `stopped` @source SPEC CW49 */
  async group(): Promise<GroupView | Fault> {
    const proved = await this.proveGroup();
    if (isFault(proved)) return proved;
    const { members, recordedAt, provedAt } = proved as ProvedGroup;
    const sources = await this.sourcesOf(members);
    if (isFault(sources)) return sources;
    const byScript = Map.groupBy(sources as readonly Coin[], ({ script }) => encodeHex(script));
    const views = [...byScript.values()].map((coins): SourceView => {
      const form = matchMultisig((coins[0] as Coin).script);
      const amounts = coins.map(({ amount }) => amount).toSorted((a, b) => (a < b ? -1 : 1));
      return { threshold: form?.threshold ?? 0, keys: (form?.keys ?? []).map(encodeHex), amounts };
    });
    return {
      members: members.map((key) => ({
        publicKey: encodeHex(key),
        own: this.wallet.addresses.ofScript(buildPayToKey(key)) !== undefined,
      })),
      least: this.wallet.parameters.groupMin,
      recordedAt,
      provedAt,
      sources: views.toSorted((a, b) => a.threshold - b.threshold),
    };
  }

  /**
   * Credit out of the group's sources, its fee and interest out of the account's money.
   *
   * @shape changeScript: an address of the account that was not given out
   * @fault those of addresses, `group` and `planAuthorisation`
   * @source SPEC CW49; spec 04, credit 1
   */
  async planGrant(intent: GrantIntent, changeScript: Uint8Array): Promise<string | Fault> {
    const { parameters } = this.wallet;
    const to = decodeAddress(intent.to.trim(), parameters.addressPrefix);
    if (isFault(to)) return to;
    const proved = await this.proveGroup();
    if (isFault(proved)) return proved;
    const { members } = proved as ProvedGroup;
    const sources = await this.sourcesOf(members);
    if (isFault(sources)) return sources;
    const draft = planAuthorisation(
      { sources: sources as readonly Coin[], members, amount: intent.amount, free: intent.interest, script: to.script },
      {
        coins: this.spendable(intent.account).map(coinOf),
        changeScript,
        feeRate: intent.feeRate * PER_THOUSAND,
        parameters,
      },
    );
    return isFault(draft) ? draft : this.textOf(draft);
  }
}
