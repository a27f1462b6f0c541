/** One figure of the issue, as `npm run bench -- --json` prints it. */
export interface BenchRow {
  readonly name: string;
  readonly unit: string;
  /** null: could not be measured, as `why` says */
  readonly ours: number | null;
  readonly peers: Readonly<Record<string, number>>;
  /** what the bar is on */
  readonly ratio: number | null;
  readonly bar: string;
  readonly holds: boolean;
  /** size measured, read from what was measured */
  readonly n?: number;
  readonly parts?: Readonly<Record<string, number>>;
  readonly why?: string;
}

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
