import { useState } from 'react';
import { type Fault, fault, isFault } from '#workers/rpc/fault';
import { parseAmount } from '../../text/amount-text.ts';

/** @unit seconds */
const MONTH = 30 * 86_400;

/** As the field for local times wants it. @unit seconds: unix */
const localText = (seconds: number): string => {
  const date = new Date(seconds * 1000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

export interface DueField {
  /** as the field has it */
  readonly due: string;
  readonly setDue: (text: string) => void;
  /** unix seconds @fault `debt-term`: no date */
  readonly readDue: () => number | Fault<'debt-term'>;
}

/** A date until when something is owed, a month ahead to begin with. */
export const useDue = (): DueField => {
  const [due, setDue] = useState(() => localText(Date.now() / 1000 + MONTH));
  const readDue = (): number | Fault<'debt-term'> => {
    const time = Math.floor(new Date(due).getTime() / 1000);
    return Number.isNaN(time) ? fault('debt-term') : time;
  };
  return { due, setDue, readDue };
};

export interface OwedTerms extends DueField {
  /** as typed */
  readonly amount: string;
  readonly setAmount: (text: string) => void;
  /** @unit base units; unix seconds @fault those of amounts; `debt-term` */
  readonly read: () => { readonly amount: bigint; readonly due: number } | Fault;
}

/** How much will be owed, and until when. */
export const useOwedTerms = (): OwedTerms => {
  const date = useDue();
  const [amount, setAmount] = useState('');
  const read = (): ReturnType<OwedTerms['read']> => {
    const units = parseAmount(amount);
    if (isFault(units)) return units;
    const due = date.readDue();
    return isFault(due) ? due : { amount: units as bigint, due: due as number };
  };
  return { ...date, amount, setAmount, read };
};
