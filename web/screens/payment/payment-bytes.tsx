import type { PaymentView } from '#workers/rpc/chain-view';
import { useText } from '../../client/text.ts';
import { Amount } from '../../components/amount.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { shorten } from '../../text/address-text.ts';

interface Line {
  readonly key: string;
  readonly address: string | undefined;
  readonly amount: bigint | undefined;
  readonly element: 'value' | 'credit' | 'debt';
  readonly own: boolean;
}

const Lines = ({ title, lines }: { readonly title: string; readonly lines: readonly Line[] }) => {
  const text = useText().payment;
  return (
    <section>
      <h3 className="text-soft">{title}</h3>
      <ul className="divide-y divide-line">
        {lines.map(({ key, address, amount, element, own }) => (
          <li key={key} className="flex items-baseline justify-between gap-3 py-1.5">
            <span className="min-w-0 truncate">
              <span className="font-mono">{address === undefined ? text.unknownAddress : shorten(address, 6)}</span>
              {own && <span className="text-soft"> · {text.yours}</span>}
              {element !== 'value' && <span className="text-soft"> · {text.elements[element]}</span>}
            </span>
            {amount !== undefined && <Amount units={amount} hue={element} />}
          </li>
        ))}
      </ul>
    </section>
  );
};

/** The transaction itself, for whoever wants to look. */
export const PaymentBytes = ({ payment }: { readonly payment: PaymentView }) => {
  const text = useText().payment;
  return (
    <Disclosure title={text.id} small>
      <p className="font-mono break-all select-all">{payment.txid}</p>
      <CopyButton text={payment.txid} kind="plain" className="-ml-3 justify-self-start" />
      <Lines title={text.inputs} lines={payment.inputs.map((input) => ({ key: input.outpoint, ...input }))} />
      <Lines title={text.outputs} lines={payment.outputs.map((output, index) => ({ key: `${index}`, ...output }))} />
      <section className="grid gap-1">
        <h3 className="text-soft">{text.bytes}</h3>
        <ScrollRegion label={text.bytes} className="max-h-40 rounded-small bg-sunk p-2">
          <p className="font-mono break-all select-all">{payment.bytes}</p>
        </ScrollRegion>
      </section>
    </Disclosure>
  );
};
