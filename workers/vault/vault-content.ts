import { decodeField, encodeField, type FieldValue, list, struct, u8, u32, varBytes } from '#protocol/codec/schema';
import { type Fault, fault } from '#protocol/fault';

const content = struct({
  version: u8,
  coinType: u32,
  entropy: varBytes(32),
  passphrase: varBytes(256),
  accounts: list(64, struct({ account: u32, name: varBytes(192) })),
  createdAt: u32,
});

/**
 * The secret that a vault or backup seals: what the words are made of, and what the words alone do not say.
 *
 * @shape entropy: 16 or 32 bytes; passphrase and names: UTF-8
 * @unit createdAt: unix seconds
 */
export type VaultContent = FieldValue<typeof content>;

export const VAULT_CONTENT_VERSION = 1;

export const encodeVaultContent = (value: VaultContent): Uint8Array => encodeField(content, value);

/** @fault `vault-content`: opened, but not of a form this version knows @source SPEC VT3 */
export const decodeVaultContent = (bytes: Uint8Array): VaultContent | Fault<'vault-content'> => {
  const value = decodeField(content, bytes);
  if ('fault' in value) return fault('vault-content', { reason: value.fault });
  const known = value.version === VAULT_CONTENT_VERSION && (value.entropy.length === 16 || value.entropy.length === 32);
  return known ? value : fault('vault-content', { version: value.version });
};
