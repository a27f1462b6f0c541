import type { Parameters } from '#protocol/params/parameters';
import { buildMultisig } from '#protocol/script/forms/multisig';
import { buildPayToKey } from '#protocol/script/forms/pay-to-key';
import { buildStakeScript } from '#protocol/script/forms/stake';
import { buildGenesis, type Genesis } from '#protocol/state/genesis';
import { UNITS_PER_VC } from '#protocol/tx/amount';
import type { TransactionOutput } from '#protocol/tx/transaction';
import { DevelopmentKeys, xOnly } from './dev-keys.ts';

export const DEVNET_NODES = 3;
export const FAUCET_OUTPUTS = 100;
export const FAUCET_OUTPUT = 100n * UNITS_PER_VC;
const STAKE = 10_000n * UNITS_PER_VC;
const OPERATOR_SHARE = 1_000;
const SOURCES = 16;

const value = (amount: bigint, script: Uint8Array): TransactionOutput => ({ element: 'value', amount, script });

const counted = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

/**
 * The development network's first block, the same for everyone who knows its time.
 *
 * @unit time: unix seconds
 * @source SPEC ND40; spec 10, genesis
 */
export const buildDevGenesis = (time: number, parameters: Parameters): Genesis => {
  const keys = new DevelopmentKeys();
  const member = keys.member(0).publicKey;
  return buildGenesis(
    {
      name: parameters.name,
      time,
      stakes: counted(parameters.genesisStakes, (i) =>
        value(
          STAKE,
          buildStakeScript({
            key: xOnly(keys.staker(i).secret),
            share: OPERATOR_SHARE,
            ownerScript: buildPayToKey(keys.stakeOwner(i).publicKey),
          }),
        ),
      ),
      sources: counted(SOURCES, (i) => ({
        element: 'credit',
        amount: UNITS_PER_VC << BigInt(i),
        script: buildMultisig({ threshold: 1, keys: [member] }),
      })),
      circulation: counted(DEVNET_NODES, (node) => keys.faucet(node)).flatMap((row) =>
        counted(FAUCET_OUTPUTS, (i) => value(FAUCET_OUTPUT, buildPayToKey(row.at(i).publicKey))),
      ),
      members: [member],
    },
    parameters,
  );
};
