/** What is measured against what, and whether it holds. */
export interface BenchPart {
  readonly unit: string;
  /** null: could not be measured, as `why` says */
  readonly ours: number | null;
  /** by name, in the unit of ours */
  readonly peers: Readonly<Record<string, number>>;
  /**
   * How far inside the bar, above 1 is better than the bar asks: limit ÷ ours where less is better (a bar of 1.5 × a peer's
   * time is a limit of 1.5 times what the peer took), ours ÷ limit where more is better.
   */
  readonly ratio: number | null;
  readonly bar: string;
  /** the ratio is at least 1 */
  readonly holds: boolean;
  /** size measured, read from what was measured */
  readonly n?: number;
  /** measured in the same run, no bar is on it */
  readonly also?: Readonly<Record<string, number>>;
  readonly why?: string;
}

/** One figure of the issue, as `npm run bench -- --json` prints it; of several parts it tells the one with the worst ratio. */
export interface BenchRow extends BenchPart {
  readonly name: string;
  readonly parts?: Readonly<Record<string, BenchPart>>;
}

interface Measured extends Omit<BenchPart, 'ratio' | 'holds' | 'peers'> {
  readonly ours: number;
  readonly peers?: Readonly<Record<string, number>>;
  readonly limit: number;
}

const withRatio = ({ limit: _, ...measured }: Measured, ratio: number): BenchPart => ({ peers: {}, ...measured, ratio, holds: ratio >= 1 });

/** Less is better: times, bytes, memory. */
export const atMost = (measured: Measured): BenchPart => withRatio(measured, measured.limit / measured.ours);

/** More is better: rates, scores. */
export const atLeast = (measured: Measured): BenchPart => withRatio(measured, measured.ours / measured.limit);

export const unmeasured = (name: string, why: string): BenchRow => ({
  name,
  unit: '',
  ours: null,
  peers: {},
  ratio: null,
  bar: '',
  holds: false,
  why,
});

const badness = ({ ratio }: BenchPart): number => ratio ?? 0;

export const rowOf = (name: string, parts: Readonly<Record<string, BenchPart>>): BenchRow => {
  const [worst] = Object.values(parts).toSorted((a, b) => badness(a) - badness(b));
  return worst === undefined ? unmeasured(name, 'nothing was measured') : { name, ...worst, parts };
};

export const RUNS = 5;

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** @unit milliseconds */
export const timeOf = async (work: () => unknown): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Runs every contender once a round, by turns, so that what else the machine does falls on all alike; the first round warms up. */
export const alternate = async <Name extends string>(
  contenders: Readonly<Record<Name, (round: number) => Promise<number>>>,
  runs = RUNS,
  warmUps = 1,
): Promise<Record<Name, readonly number[]>> => {
  const names = Object.keys(contenders) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -warmUps; round < runs; round++)
    for (const name of names) {
      const time = await contenders[name](round + warmUps);
      if (round >= 0) times[name].push(time);
    }
  return times;
};

export const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`);
