import { useCrypto as chooseCrypto } from '#protocol/crypto/backend';
import { loadNativeCurve } from './native-curve.ts';
import { NATIVE_HASH } from './native-hash.ts';

/** Chooses this host's own hashes and fastest verified curve for every rule: each entry point of the node calls it once. */
export const installNodeCrypto = (): void => chooseCrypto({ hash: NATIVE_HASH, curve: loadNativeCurve() });
