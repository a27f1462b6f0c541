import { stateProofRows } from './state-proof.ts';

/** Rows of the issue that have no measurement yet: printed as not holding, so that nobody takes silence for a figure. */
const NOT_MEASURED = [
  'block-connect',
  'node-rss',
  'bitcoin-headers',
  'payment-validate',
  'first-load-gzip',
  'client-gzip',
  'lighthouse',
  'cold-start-work',
  'cold-start-bytes',
];

const missing = (name: string) => ({
  name,
  unit: '',
  ours: null,
  peers: {},
  ratio: null,
  bar: null,
  holds: false,
  why: 'not measured yet',
});

const rows = [...(await stateProofRows()), ...NOT_MEASURED.map(missing)];

if (process.argv.includes('--json'))
  console.log(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? value.toString() : value), 2));
else
  for (const { name, ratio, bar, holds } of rows)
    console.log(`${holds ? 'holds ' : 'FAILS '} ${name}: ratio ${ratio ?? '–'}, bar ${bar ?? '–'}`);
