import type { Fault } from '#protocol/fault';

/** What an input is, every field of it, and every rule that it breaks as far as that can be told from it alone. */
export interface Finding {
  readonly kind:
    | 'transaction'
    | 'header'
    | 'bitcoin-header'
    | 'block'
    | 'proof'
    | 'address'
    | 'uri'
    | 'record'
    | 'psbt'
    | 'vault'
    | 'backup'
    | 'unknown';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly faults: readonly Fault[];
}

export const finding = (kind: Finding['kind'], fields: Finding['fields'], ...faults: readonly (Fault | undefined | true)[]): Finding => ({
  kind,
  fields,
  faults: faults.filter((each): each is Fault => each !== undefined && each !== true),
});
