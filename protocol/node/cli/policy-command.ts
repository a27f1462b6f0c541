import { type Command, InvalidArgumentError, Option } from 'commander';
import { askNode, type LocalNode } from './ask-node.ts';
import { finish, readPort } from './finish.ts';
import { defaultFolder } from './node-folder.ts';

interface PolicyFlags {
  readonly network: string;
  readonly data?: string;
  readonly http: number;
  readonly json: boolean;
}

type Settings = Readonly<Record<string, boolean | number>>;
type Policies = Readonly<Record<string, Settings>>;

interface Refusal {
  readonly txid: string;
  readonly policy: string;
  readonly fault: string;
  readonly detail: Readonly<Record<string, string | number | boolean>>;
  readonly from: string;
  readonly times: number;
  readonly time: number;
}

const EXAMPLES = `
Examples:
  vc policy show                                     what this node lets in of credit, and what it looks at
  vc policy set emergency-stop enabled=on            no credit any more; repayment goes on
  vc policy set credit-rate share=500                5 % of circulating value in each period
  vc policy set minimum-interest rate=100            1 % of what is granted, as fee or free outputs
  vc policy refusals                                 what was refused, and why

Shares and rates are basis points, amounts base units, ages seconds. A change is kept in the node's folder and counts at
once. Policies decide what this node pools and mines, never what it accepts in a block of another.`;

const nodeOf = ({ data, network, http }: PolicyFlags): LocalNode => ({ folder: data ?? defaultFolder(network), port: http });

const WORDS: Readonly<Record<string, boolean>> = { on: true, off: false, true: true, false: false };

const readValue = (text: string): boolean | number => {
  const word = Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
  if (word !== undefined) return word;
  if (!/^\d{1,16}$/.test(text)) throw new InvalidArgumentError('a parameter is on, off, or a whole number');
  return Number(text);
};

const readSetting = (text: string, before: Settings = {}): Settings => {
  const [name = '', value, ...more] = text.split('=');
  if (value === undefined || more.length > 0) throw new InvalidArgumentError('a setting is parameter=value');
  return { ...before, [name]: readValue(value) };
};

const print = (value: unknown, lines: readonly string[], json: boolean): void =>
  void process.stdout.write(json ? `${JSON.stringify(value)}\n` : lines.map((line) => `${line}\n`).join(''));

const showValue = (value: unknown): string => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));

const showPairs = (pairs: Readonly<Record<string, unknown>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}=${showValue(value)}`)
    .join(' ');

const policyLines = (policies: Policies): string[] =>
  Object.entries(policies).map(([name, settings]) => `${name.padEnd(18)} ${showPairs(settings)}`);

const show = async (flags: PolicyFlags): Promise<number> => {
  const { policies, figures } = (await askNode(nodeOf(flags), 'getmakerpolicy', [])) as { policies: Policies; figures: Settings };
  print({ policies, figures }, [...policyLines(policies), `${'now'.padEnd(18)} ${showPairs(figures)}`], flags.json);
  return 0;
};

const set = async (name: string, settings: Settings, flags: PolicyFlags): Promise<number> => {
  const policies = (await askNode(nodeOf(flags), 'setmakerpolicy', [name, settings])) as Policies;
  print(policies, policyLines(policies), flags.json);
  return 0;
};

const refusals = async (flags: PolicyFlags): Promise<number> => {
  const listed = (await askNode(nodeOf(flags), 'getpolicyrefusals', [])) as readonly Refusal[];
  const lineOf = ({ time, from, txid, policy, fault, detail, times }: Refusal): string =>
    `${new Date(time * 1000).toISOString()} ${from} ${txid} ${policy} ${fault} ${showPairs(detail)} times=${times}`;
  print(listed, listed.map(lineOf), flags.json);
  return 0;
};

const withNode = (command: Command): Command =>
  command
    .addOption(new Option('--network <name>', 'which network').choices(['dev', 'test', 'main']).default('dev'))
    .option('--data <folder>', "the node's folder, which has its token (default: ~/.valuecyber/<network>)")
    .option('--http <port>', 'where the node listens', readPort, 8480)
    .option('--json', 'print JSON on stdout', false);

/** @source SPEC MP9 */
export const addPolicy = (program: Command): void => {
  const policy = program
    .command('policy')
    .description('see and change what a running node lets in of credit')
    .addHelpText('after', EXAMPLES);
  withNode(policy.command('show'))
    .description('the policies with their parameters, and the figures they look at')
    .action((flags: PolicyFlags) => finish(() => show(flags)));
  withNode(policy.command('set'))
    .description('change parameters of one policy: parameter=value')
    .argument('<policy>', 'its name, as `vc policy show` has it')
    .argument('<settings...>', 'parameter=value', readSetting)
    .action((name: string, settings: Settings, flags: PolicyFlags) => finish(() => set(name, settings, flags)));
  withNode(policy.command('refusals'))
    .description('what the policies refused lately, and why')
    .action((flags: PolicyFlags) => finish(() => refusals(flags)));
};
