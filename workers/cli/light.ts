import { type Command, InvalidArgumentError } from 'commander';
import { formatAmount } from '#protocol/tx/amount-text';
import { finish, say, toJson } from './finish.ts';
import { type AddressState, LightClient } from './light-client.ts';

interface LightFlags {
  readonly network: string;
  readonly peer: readonly string[];
  readonly exact: boolean;
  readonly follow: boolean;
  readonly json: boolean;
  readonly timeout: number;
}

const EXAMPLES = `
Examples:
  vc light dvc1q…                                     the verified balance of an address
  vc light dvc1q… --follow                            and each change of it, as blocks come
  vc light dvc1q… --network http://localhost:8480/network.json --json

Nothing a node says is taken on trust: the last headers are checked with their stake proofs and Bitcoin's headers, genesis
is proved their ancestor, and the list of coins is proved complete under the newest header. Exit code 1: not verified.`;

const print = (state: AddressState, json: boolean): void => {
  const { balance, coins, height, peersAgreeing } = state;
  if (json) process.stdout.write(`${toJson(state)}\n`);
  else
    process.stdout.write(
      `${formatAmount(balance)} VC in ${coins.length} coins, complete at height ${height}, ${peersAgreeing} peers agree\n`,
    );
};

/** Prints each change of the coins, not every block. */
const follow = (client: LightClient, address: string, json: boolean): Promise<number> => {
  let shown = '';
  client.follow(address, (state) => {
    const mark = toJson(state.coins);
    if (mark !== shown) print(state, json);
    shown = mark;
  });
  return new Promise((resolve) => process.once('SIGINT', () => resolve(shown === '' ? 1 : 0)));
};

const runLight = async (address: string, flags: LightFlags): Promise<number> => {
  const client = await LightClient.open({
    network: flags.network,
    peers: flags.peer,
    privacy: flags.exact ? 'exact' : 'bucket',
    onAlarm: ({ code, reason, peer }) => say(`${code}${reason === undefined ? '' : ` (${reason})`}${peer === undefined ? '' : ` ${peer}`}`),
  });
  try {
    if (flags.follow) return await follow(client, address, flags.json);
    print(await client.verifyAddress(address, flags.timeout), flags.json);
    return 0;
  } finally {
    await client.close();
  }
};

const readSeconds = (text: string): number => {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError('a number of seconds above 0');
  return seconds;
};

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

/** Adds `light` to the program. */
export const registerLightCommand = (program: Command): void => {
  program
    .command('light')
    .argument('<address>', 'whose coins')
    .description("verify an address's coins as a light client: no node of your own, nothing taken on trust")
    .option('--network <file or url>', "the network's file", 'http://localhost:8480/network.json')
    .option('--peer <multiaddress>', 'a node to ask (default: those of the file); may be given more than once', collect, [])
    .option('--exact', 'ask for exactly this address instead of a bucket that hides it among others', false)
    .option('--follow', 'stay and print each change', false)
    .option('--timeout <seconds>', 'give up after so long', readSeconds, 30)
    .option('--json', 'print JSON on stdout', false)
    .addHelpText('after', EXAMPLES)
    .action((address: string, flags: LightFlags) => finish(() => runLight(address, flags)));
};
