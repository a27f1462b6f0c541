import type { FeeChoice } from '#workers/rpc/chain-calls';
import type { BalanceView } from '#workers/rpc/chain-view';
import { useText } from '../../client/text.ts';
import { Amount } from '../../components/amount.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { ProofMark } from '../../components/proof-mark.tsx';

interface Props {
  readonly balance: BalanceView;
  readonly amount: bigint | 'all' | undefined;
  readonly fee: FeeChoice | undefined;
}

/** What would be left, while it is typed: an outlook only; the next screen reads the bytes. */
export const Outlook = ({ balance, amount, fee }: Props) => {
  const text = useText();
  const usual = fee?.usual ?? 0n;
  const cost = amount === undefined ? 0n : amount === 'all' ? balance.spendable : amount + usual;
  const left = balance.spendable - cost;
  return (
    <section aria-label={text.send.outlook} className="rounded-card border border-line bg-sheet px-4 py-1.5 shadow-low">
      <Facts>
        <Fact
          name={
            <span className="flex items-center gap-1.5">
              {text.wallet.spendable}
              <ProofMark proof={balance.proof} of={text.wallet.spendable} />
            </span>
          }
        >
          <Amount units={balance.spendable} unit={false} column />
        </Fact>
        <Fact name={text.send.amount}>
          {amount === undefined ? '—' : <Amount units={amount === 'all' ? -(balance.spendable - usual) : -amount} unit={false} column />}
        </Fact>
        <Fact name={text.send.feeAbout}>{amount === undefined ? '—' : <Amount units={-usual} unit={false} column />}</Fact>
        <Fact name={text.send.leftAfter}>{left < 0n ? '—' : <Amount units={left} size="row" unit={false} column />}</Fact>
        <Fact name={text.review.debt}>{text.review.debtUnchanged}</Fact>
      </Facts>
    </section>
  );
};
