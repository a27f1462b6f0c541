import { installPeers } from './install.ts';
import { type BenchRow, say, unmeasured } from './row.ts';
import { stopAll } from './stop.ts';

interface Bench {
  readonly names: readonly string[];
  /** other than what the product itself installs */
  readonly peers: boolean;
  readonly measure: () => Promise<readonly BenchRow[]>;
}

const BENCHES: readonly Bench[] = [
  {
    names: ['state-proof-verify', 'state-proof-bytes'],
    peers: false,
    measure: async () => (await import('./state-proof.ts')).stateProofRows(),
  },
  { names: ['bitcoin-headers'], peers: true, measure: async () => (await import('./bitcoin-headers.ts')).bitcoinHeadersRows() },
  { names: ['payment-validate'], peers: true, measure: async () => (await import('./payment-validate.ts')).paymentValidateRows() },
  { names: ['draw-validate'], peers: false, measure: async () => (await import('./draw-validate.ts')).drawValidateRows() },
  { names: ['due-index'], peers: false, measure: async () => (await import('./due-index.ts')).dueIndexRows() },
  { names: ['block-connect'], peers: true, measure: async () => (await import('./block-connect.ts')).blockConnectRows() },
  { names: ['node-rss'], peers: false, measure: async () => (await import('./node-rss.ts')).nodeRssRows() },
  {
    names: ['first-load-gzip', 'client-gzip'],
    peers: false,
    measure: async () => (await import('./wallet-size.ts')).walletSizeRows(),
  },
  {
    names: ['cold-start-work', 'cold-start-bytes', 'resume-work'],
    peers: false,
    measure: async () => (await import('./cold-start.ts')).coldStartRows(),
  },
  { names: ['lighthouse'], peers: true, measure: async () => (await import('./lighthouse.ts')).lighthouseRows() },
];

const NAMES = BENCHES.flatMap(({ names }) => names);

const USAGE = `npm run bench -- [--json] [--only NAME,…] [--list]

Measures every figure against its peers or its limit, in one run. Rows go to stdout, progress to stderr.
A ratio above 1 is better than the bar asks. The exit code is 0 when everything could be measured.`;

const namesAsked = (): ReadonlySet<string> | undefined => {
  const at = process.argv.indexOf('--only');
  return at === -1 ? undefined : new Set((process.argv[at + 1] ?? '').split(','));
};

const withWhy = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? 'unknown';

const runBench = async ({ names, peers, measure }: Bench): Promise<readonly BenchRow[]> => {
  say(`measuring ${names.join(', ')}`);
  try {
    if (peers && !installPeers()) throw new Error('the peers of bench/peers could not be installed');
    const rows = await measure();
    return names.map((name) => rows.find((row) => row.name === name) ?? unmeasured(name, 'its bench made no such row'));
  } catch (error) {
    say(String(error instanceof Error ? error.stack : error));
    return names.map((name) => unmeasured(name, withWhy(error)));
  }
};

const round = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));

const lineOf = ({ name, unit, ours, ratio, bar, holds, why }: BenchRow): string =>
  ours === null || ratio === null
    ? `fails  ${name}: ${why}`
    : `${holds ? 'holds' : 'fails'}  ${name}: ${round(ours)} ${unit}, bar ${bar}, ratio ${ratio.toFixed(2)}`;

const run = async (): Promise<void> => {
  const asked = namesAsked();
  const benches = BENCHES.filter(({ names }) => asked === undefined || names.some((name) => asked.has(name)));
  const unknown = [...(asked ?? [])].filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`no figure is called ${unknown.join(', ')}`);
  const rows: BenchRow[] = [];
  for (const bench of benches) rows.push(...(await runBench(bench)));
  const shown = rows.filter(({ name }) => asked === undefined || asked.has(name));
  if (process.argv.includes('--json')) console.log(JSON.stringify(shown, undefined, 2));
  else for (const row of shown) console.log(lineOf(row));
  process.exitCode = shown.every(({ ours }) => ours !== null) ? 0 : 1;
};

if (process.argv.includes('--help')) console.log(USAGE);
else if (process.argv.includes('--list')) console.log(NAMES.join('\n'));
else await run().finally(stopAll);
