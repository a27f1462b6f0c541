import { useCrypto as chooseCrypto } from '#protocol/crypto/backend';
import { loadNativeCurve } from './native-curve.ts';

/** Chooses the fastest verified curve of this host for every rule: each entry point of the node calls it once. */
export const installNodeCrypto = (): void => chooseCrypto({ curve: loadNativeCurve() });
