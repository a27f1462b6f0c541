import type { BalanceView } from '#workers/rpc/chain-view';
import { isFault } from '#workers/rpc/fault';
import { setDraft, useSending } from '../../client/draft.ts';
import { useLanguage, useText } from '../../client/text.ts';
import { useFaultText } from '../../components/fault-text.tsx';
import { Field } from '../../components/field.tsx';
import { Tick } from '../../components/tick.tsx';
import { amountText, parseAmount, plainAmount } from '../../text/amount-text.ts';

interface Props {
  /** what a payment link asks for */
  readonly asked: bigint | undefined;
  readonly balance: BalanceView;
  readonly tried: boolean;
}

const wrongOf = (typed: string, spendable: bigint, tried: boolean): string | undefined => {
  const parsed = parseAmount(typed);
  if (!isFault(parsed)) return parsed > spendable ? 'insufficient-funds' : undefined;
  return parsed.fault === 'amount-empty' && !tried ? undefined : parsed.fault;
};

const useHint = (balance: BalanceView, all: boolean): string => {
  const text = useText().send;
  const language = useLanguage();
  if (all) return text.allChosen;
  const available = text.available(amountText(balance.spendable, language));
  const soon = balance.incoming + balance.returning;
  return soon === 0n ? available : `${available} ${text.soon(amountText(soon, language))}`;
};

/** How much: never filled in by itself, except from the payee's own link. @source SPEC WB3 */
export const AmountField = ({ asked, balance, tried }: Props) => {
  const { send: text, app } = useText();
  const faultText = useFaultText();
  const { amount, all } = useSending(({ draft }) => draft);
  const typed = amount === '' && asked !== undefined ? plainAmount(asked) : amount;
  const wrong = all ? undefined : wrongOf(typed, balance.spendable, tried);
  return (
    <div className="grid">
      <Field
        label={`${text.amount} (${app.unit})`}
        hint={useHint(balance, all)}
        big
        inputMode="decimal"
        autoComplete="off"
        value={all ? '' : typed}
        isDisabled={all}
        placeholder={all ? text.all : '0.00'}
        onChange={(value) => setDraft({ amount: value })}
        error={wrong === undefined ? undefined : faultText(wrong)}
      />
      <Tick isSelected={all} onChange={(on) => setDraft({ all: on })}>
        {text.all}
      </Tick>
    </div>
  );
};
