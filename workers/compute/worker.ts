import { expose } from 'comlink';
import { useCrypto } from '#protocol/crypto/backend';
import { executeJob } from '#spv/proof/execute-job';
import { WASM_HASH } from '../platform/wasm-hash.ts';

useCrypto({ hash: WASM_HASH });

/** The first message brings the port of the chain worker; the window hears nothing more of it. */
export const begin = ({ data }: MessageEvent<MessagePort>): void => expose({ run: executeJob }, data);
