import { readFile } from 'node:fs/promises';
import type { Header } from '#protocol/block/header';
import { Failure } from '#protocol/failure';
import { type Fault, isFault } from '#protocol/fault';
import type { Coin } from '#protocol/ledger/coin';
import type { LedgerView } from '#protocol/ledger/ledger-view';
import type { Parameters } from '#protocol/params/parameters';
import { isFreeOutput } from '#protocol/script/forms/free-output';
import { computeTxid } from '#protocol/tx/identity';
import type { Outpoint } from '#protocol/tx/outpoint';
import type { Transaction } from '#protocol/tx/transaction';
import { type Grant, grantsOf } from '../chain/grants-of.ts';
import { writeFileWhole } from '../cli/node-folder.ts';
import { type CreditFigures, type CreditQuestion, judgeCredit } from './credit-policies.ts';
import { GrantLog, sumOf } from './grant-log.ts';
import {
  changePolicy,
  decodePolicies,
  encodePolicies,
  INITIAL_POLICIES,
  type MakerPolicies,
  type PolicyFault,
  type PolicyName,
} from './policy-fields.ts';
import { drawersOf, recipientsOf } from './recipients.ts';
import { RefusalList } from './refusal-list.ts';

/** What the policies ask of the chain. */
export interface PolicyChain {
  readonly parameters: Parameters;
  readonly tip: () => { readonly header: Header };
  readonly medianTime: () => number;
  /** Σ amount × time of unpaid debt */
  readonly debtTime: () => bigint;
  readonly ledgerOf: () => Pick<LedgerView, 'findRecord'>;
  /** what the blocks from a height on granted, of those that granted anything, lowest first */
  readonly grantsFrom: (height: number) => AsyncIterable<{ readonly height: number; readonly grants: readonly Grant[] }>;
}

/** Blocks that came and went, oldest first. */
interface PolicyTipChange {
  readonly connected: readonly { readonly header: Header }[];
  readonly disconnected: readonly { readonly header: Header }[];
  readonly connectedTransactions: readonly (readonly Transaction[])[];
}

/** A transaction that keeps every rule. @unit fee: base units */
export interface PolicyCandidate {
  readonly transaction: Transaction;
  readonly fee: bigint;
  readonly findCoin: (outpoint: Outpoint) => Coin | undefined;
}

/** The policies over a block under way. */
export interface BlockPolicy {
  readonly refuse: (candidate: PolicyCandidate) => Fault | undefined;
  readonly take: (transaction: Transaction) => void;
}

export interface PolicyOptions {
  readonly chain: PolicyChain;
  /** unix seconds */
  readonly now: () => number;
  /** where the settings are kept; by default nowhere */
  readonly file?: string;
}

const isThere = (error: unknown): boolean => (error as NodeJS.ErrnoException).code !== 'ENOENT';

/** Failure `policy-file`: one that cannot be read: a maker never goes on with other policies than those it was given. */
const readPolicies = async (file: string | undefined): Promise<MakerPolicies> => {
  if (file === undefined) return INITIAL_POLICIES;
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isThere(error)) throw new Failure('policy-file', error);
    return undefined;
  });
  const policies = text === undefined ? INITIAL_POLICIES : decodePolicies(text);
  if (isFault(policies)) throw new Failure('policy-file', policies.fault);
  return policies;
};

const interestOf = ({ transaction, fee }: PolicyCandidate): bigint =>
  transaction.outputs.reduce((sum, output) => (isFreeOutput({ ...output, layer: transaction.layer }) ? sum + output.amount : sum), fee);

/**
 * What this node pools and mines of credit: its operator's choice, never a rule of the network.
 *
 * @source SPEC MP1, MP9, MP10; spec 04, maker's policies
 */
export class MakerPolicy {
  private readonly options: PolicyOptions;
  private readonly log: GrantLog;
  private readonly refused = new RefusalList();
  private readonly counts = new Map<PolicyName, number>();
  private policies: MakerPolicies;
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(options: PolicyOptions, policies: MakerPolicies) {
    this.options = options;
    this.policies = policies;
    this.log = new GrantLog(options.chain.parameters.creditPeriod);
  }

  static async open(options: PolicyOptions): Promise<MakerPolicy> {
    const policy = new MakerPolicy(options, await readPolicies(options.file));
    await policy.readBack();
    return policy;
  }

  /** What may come to lie within a period again, however deep a reorganisation is. */
  private oldestOfInterest(): number {
    const { parameters, tip } = this.options.chain;
    return tip().header.height - parameters.maxReorg - parameters.creditPeriod;
  }

  private async readBack(): Promise<void> {
    const from = Math.max(0, this.oldestOfInterest());
    for await (const { height, grants } of this.options.chain.grantsFrom(from)) this.log.connect(height, grants);
  }

  private grantsIn(transactions: readonly Transaction[]): readonly Grant[] {
    return transactions.flatMap((transaction) => grantsOf(transaction, this.options.chain.parameters));
  }

  /** Follows the best chain; to be told before whoever asks. */
  applyTip({ connected, disconnected, connectedTransactions }: PolicyTipChange): void {
    const [first] = disconnected;
    if (first !== undefined) this.log.disconnect(first.header.height);
    for (const [i, { header }] of connected.entries()) this.log.connect(header.height, this.grantsIn(connectedTransactions[i] ?? []));
    this.log.prune(this.oldestOfInterest());
  }

  read(): MakerPolicies {
    return this.policies;
  }

  /** @unit base units and seconds: what the policies look at now */
  figures(pending: readonly Grant[] = []): CreditFigures {
    const { chain } = this.options;
    const { economy, height } = chain.tip().header;
    const waiting = sumOf(pending);
    return {
      circulating: economy.value - economy.locked,
      credit: economy.credit,
      overdue: economy.overdue,
      debt: economy.debt,
      debtTime: chain.debtTime(),
      medianTime: chain.medianTime(),
      granted: sumOf(this.log.within(height + 1)) + waiting,
      pending: waiting,
    };
  }

  refusals(count?: number): ReturnType<RefusalList['read']> {
    return this.refused.read(count);
  }

  countOf(policy: PolicyName): number {
    return this.counts.get(policy) ?? 0;
  }

  /** Applies once it is on the disk. @fault as `changePolicy` @source SPEC MP9 */
  change(name: string, changes: unknown): Promise<MakerPolicies | PolicyFault> {
    const work = this.writing.then(async () => {
      const changed = changePolicy(this.policies, name, changes);
      if (isFault(changed)) return changed;
      const { file } = this.options;
      if (file !== undefined) await writeFileWhole(file, encodePolicies(changed));
      this.policies = changed;
      return changed;
    });
    this.writing = work.catch(() => undefined);
    return work;
  }

  /** Whether the pool takes it. */
  readonly refuse = (candidate: PolicyCandidate): Fault | undefined => this.judge(candidate, [], 'pool');

  startBlock(): BlockPolicy {
    const pending: Grant[] = [];
    return {
      refuse: (candidate) => this.judge(candidate, pending, 'block'),
      take: (transaction) => void pending.push(...this.grantsIn([transaction])),
    };
  }

  private questionOf(candidate: PolicyCandidate, pending: readonly Grant[]): CreditQuestion | undefined {
    const { chain } = this.options;
    const { transaction, findCoin } = candidate;
    const grants = grantsOf(transaction, chain.parameters);
    if (grants.length === 0 && transaction.outputs.every(({ element }) => element !== 'debt')) return undefined;
    const { findRecord } = chain.ledgerOf();
    if (grants.length > 0) {
      const before = [...this.log.within(chain.tip().header.height + 1), ...pending];
      const recipients = recipientsOf(grants, before, findRecord);
      return { kind: 'grant', granted: sumOf(grants), interest: interestOf(candidate), recipients };
    }
    const recipients = drawersOf(transaction, { findCoin, findRecord, limits: chain.parameters });
    return recipients.length === 0 ? undefined : { kind: 'draw', granted: 0n, interest: 0n, recipients };
  }

  private judge(candidate: PolicyCandidate, pending: readonly Grant[], from: 'pool' | 'block'): Fault | undefined {
    const question = this.questionOf(candidate, pending);
    const refusal = question && judgeCredit(this.policies, question, this.figures(pending));
    if (refusal === undefined) return undefined;
    const { policy, reason } = refusal;
    this.counts.set(policy, this.countOf(policy) + 1);
    this.refused.add({ txid: computeTxid(candidate.transaction), policy, reason, from, time: Math.floor(this.options.now()) });
    return reason;
  }
}
