import type { Command } from 'commander';
import { encodeHex } from '#protocol/codec/hex';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { PARAMETERS } from '#protocol/params/networks';
import type { NetworkName } from '#protocol/params/parameters';
import { computeAccountId } from '#protocol/records/real-name';
import { encodeAddress } from '#protocol/script/address';
import { finish } from '../finish.ts';
import { print } from './deliver.ts';
import { readKeys, scriptOfKey } from './keys.ts';
import { type KeyFlags, withKeys } from './options.ts';

type ShowFlags = KeyFlags & { readonly network: NetworkName; readonly json: boolean };

const show = async (flags: ShowFlags): Promise<number> => {
  installNodeCrypto();
  const parameters = PARAMETERS[flags.network];
  const shown = (await readKeys(flags, parameters)).map((key) => ({
    key: key.name,
    address: encodeAddress(scriptOfKey(key), parameters.addressPrefix),
    publicKey: encodeHex(key.publicKey),
    ...(key.xpub === undefined ? {} : { xpub: encodeHex(key.xpub), account: encodeHex(computeAccountId(key.xpub)) }),
  }));
  print(
    flags.json,
    shown,
    shown.map(({ key, address, publicKey }) => `${key}  ${address}  ${publicKey}`),
  );
  return 0;
};

/** Adds `key`. @source SPEC BD14 */
export const registerKeyCommand = (program: Command): void => {
  withKeys(program.command('key'))
    .description('show the address and the public key, never the secret, of keys that commands sign with')
    .option('--network <name>', 'which network', 'dev')
    .option('--json', 'print JSON on stdout', false)
    .action((flags: ShowFlags) => finish(() => show(flags)));
};
