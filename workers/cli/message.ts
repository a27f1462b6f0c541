import { type Command, Option } from 'commander';
import { type Fault, isFault } from '#protocol/fault';
import { verifyMessage } from '#protocol/message/message-signature';
import { installNodeCrypto } from '#protocol/node/crypto/node-crypto';
import { PARAMETERS } from '#protocol/params/networks';
import type { NetworkName } from '#protocol/params/parameters';
import { decodeAddress } from '#protocol/script/address';
import { finish, say } from './finish.ts';

const EXAMPLES = `
Examples:
  vc verify-message dvc1q… "I own this address" smpAkcwRAIg…

Exit code 0: whoever can spend from the address signed exactly this text (BIP322). Exit code 1, with a code: not so. A
message is signed in the wallet, under More, where the keys are.`;

/** Whether a message was signed for an address of a network. @source SPEC MS3 */
export const judgeMessage = (address: string, message: string, signature: string, network: NetworkName): true | Fault => {
  const decoded = decodeAddress(address, PARAMETERS[network].addressPrefix);
  return isFault(decoded) ? decoded : verifyMessage(decoded.script, message, signature);
};

/** Adds `verify-message` to the program. */
export const registerMessageCommand = (program: Command): void => {
  program
    .command('verify-message')
    .argument('<address>')
    .argument('<message>')
    .argument('<signature>', 'as the wallet shows it')
    .description('verify that a text was signed for an address')
    .addOption(new Option('--network <name>', 'whose address').choices(['dev', 'test', 'main']).default('dev'))
    .addHelpText('after', EXAMPLES)
    .action((address: string, message: string, signature: string, { network }: { readonly network: NetworkName }) =>
      finish(async () => {
        installNodeCrypto();
        const verdict = judgeMessage(address, message, signature, network);
        if (verdict === true) process.stdout.write('signed\n');
        else say(`vc: ${verdict.fault} ${JSON.stringify(verdict.detail)}`);
        return verdict === true ? 0 : 1;
      }),
    );
};
