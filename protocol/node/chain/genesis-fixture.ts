import { encodeHex } from '#protocol/codec/hex';
import { DEV_PARAMETERS } from '#protocol/params/networks';
import type { Parameters } from '#protocol/params/parameters';
import type { Genesis } from '#protocol/state/genesis';
import { buildDevGenesis } from '../devnet/dev-genesis.ts';
import { DevelopmentKeys, xOnly } from '../devnet/dev-keys.ts';

export const FIXTURE_TIME = 1_800_000_000;

const built = new Map<string, Genesis>();

/** The development network's genesis, with as many stakes as these parameters ask for. */
export const fixtureGenesis = (time = FIXTURE_TIME, parameters = DEV_PARAMETERS): Genesis => {
  const name = `${parameters.name}@${time}`;
  const genesis = built.get(name) ?? buildDevGenesis(time, parameters);
  built.set(name, genesis);
  return genesis;
};

const development = new DevelopmentKeys();
const derived: [string, Uint8Array][] = [];

/** Secrets of genesis stakes by their public key in hexadecimal. */
export const stakerKeys = (
  { genesisStakes }: Parameters,
  only: (index: number) => boolean = () => true,
): ReadonlyMap<string, Uint8Array> => {
  for (let i = derived.length; i < genesisStakes; i++) {
    const { secret } = development.staker(i);
    derived.push([encodeHex(xOnly(secret)), secret]);
  }
  return new Map(derived.slice(0, genesisStakes).filter((_, i) => only(i)));
};
