import type { PaymentStage, PaymentView } from '#workers/rpc/chain-view';
import type { ProofStage } from '#workers/rpc/proof-view';
import { useLanguage, useText } from '../../client/text.ts';
import { Section } from '../../components/card.tsx';
import { ProofRing } from '../../components/proof-ring.tsx';
import { clockText, numberText } from '../../text/time-text.ts';

const MARKS: Readonly<Record<PaymentStage['name'], ProofStage>> = {
  signed: 'claimed',
  relayed: 'claimed',
  claimed: 'claimed',
  'in-block': 'in-block',
  verified: 'verified',
  final: 'verified',
  replaced: 'refused',
  refused: 'refused',
};

const Stage = ({ stage, payment, last }: { readonly stage: PaymentStage; readonly payment: PaymentView; readonly last: boolean }) => {
  const text = useText().payment;
  const language = useLanguage();
  const reached = stage.time !== undefined;
  const depth = stage.name === 'final' && payment.proof.depth > 0 ? text.confirmations(payment.proof.depth, payment.finalDepth) : undefined;
  return (
    <li className={`relative flex gap-3 pb-4 last:pb-0 ${reached ? '' : 'text-soft'}`} aria-current={last ? 'step' : undefined}>
      <span aria-hidden className="absolute top-6 bottom-0 left-[9px] w-px bg-line [li:last-child>&]:hidden" />
      <span className={`mt-0.5 ${reached ? '' : 'opacity-35'}`}>
        <ProofRing state={{ stage: MARKS[stage.name], arc: stage.name === 'final' && reached ? 1 : 0 }} size={19} />
      </span>
      <span className="min-w-0 flex-1">
        <span className={`block text-body ${last ? 'font-bold' : ''}`}>{text.stage[stage.name]}</span>
        {depth !== undefined && <span className="block text-small text-soft">{depth}</span>}
      </span>
      <span className="figures text-right text-small text-soft">
        {stage.time === undefined ? text.notYet : clockText(stage.time, language)}
        {stage.height !== undefined && <span className="block">{text.atHeight(numberText(stage.height, language))}</span>}
      </span>
    </li>
  );
};

/** The way of a payment from signature to final, each stage when it was reached. */
export const PaymentStages = ({ payment }: { readonly payment: PaymentView }) => {
  const text = useText().payment;
  const last = payment.stages.findLast(({ time }) => time !== undefined);
  return (
    <Section title={text.stages}>
      <ol aria-label={text.stages} className="rounded-card border border-line bg-sheet p-4 shadow-low">
        {payment.stages.map((stage) => (
          <Stage key={stage.name} stage={stage} payment={payment} last={stage === last} />
        ))}
      </ol>
    </Section>
  );
};
