import { Check } from 'lucide-react';
import type { ProofView } from '#workers/rpc/proof-view';
import { markState, proofText } from '../client/proof-state.ts';
import { useLanguage, useText } from '../client/text.ts';
import { shorten } from '../text/address-text.ts';
import { clockText, numberText } from '../text/time-text.ts';
import { Fact, Facts } from './facts.tsx';
import { FaultText } from './fault-text.tsx';
import { ProofRing } from './proof-ring.tsx';

interface Props {
  readonly proof: ProofView;
  readonly finalDepth: number;
  readonly now: number;
}

const Checks = ({ proof }: { readonly proof: ProofView }) => {
  const text = useText().proof;
  if (proof.checks.length === 0) return <p className="py-2 text-small text-soft">{text.nothing}</p>;
  return (
    <>
      <p className="pt-2 text-small text-soft">{text.checked}</p>
      <ul className="py-1 text-body">
        {proof.checks.map((check) => (
          <li key={check} className="flex items-center gap-2 py-0.5">
            <Check size={14} className="shrink-0 text-accent" aria-hidden />
            {text.checks[check]}
          </li>
        ))}
      </ul>
    </>
  );
};

/** What was checked, against which header, by asking how many peers, and when. */
export const ProofFacts = ({ proof, finalDepth, now }: Props) => {
  const text = useText().proof;
  const language = useLanguage();
  return (
    <div>
      <p className="flex items-center gap-2 text-body font-bold">
        <ProofRing state={markState(proof, finalDepth)} size={20} />
        {proofText(proof, now, text, language)}
      </p>
      <Checks proof={proof} />
      <Facts>
        {proof.depth > 0 && (
          <Fact name={text.depth}>{proof.depth >= finalDepth ? text.deep(proof.depth) : `${text.deep(proof.depth)} / ${finalDepth}`}</Fact>
        )}
        {proof.headerHash !== undefined && (
          <Fact name={text.header}>
            <span className="font-mono text-small" title={proof.headerHash}>
              {shorten(proof.headerHash, 6)}
            </span>
          </Fact>
        )}
        {proof.peers > 0 && <Fact name={text.peers}>{text.peerCount(proof.peers)}</Fact>}
        {proof.checkedAt !== undefined && <Fact name={text.when}>{clockText(proof.checkedAt, language)}</Fact>}
        {proof.height !== undefined && <Fact name={text.height}>{numberText(proof.height, language)}</Fact>}
        {proof.reason !== undefined && (
          <Fact name={text.why}>
            <FaultText code={proof.reason} />
          </Fact>
        )}
      </Facts>
    </div>
  );
};
