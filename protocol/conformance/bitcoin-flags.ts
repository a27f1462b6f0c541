import type { ScriptRules } from '../script/rules.ts';

/** Bitcoin's verification flags that these cases name; those of tapscript have no counterpart here. */
export const BITCOIN_FLAGS = [
  'P2SH',
  'STRICTENC',
  'DERSIG',
  'LOW_S',
  'SIGPUSHONLY',
  'MINIMALDATA',
  'NULLDUMMY',
  'DISCOURAGE_UPGRADABLE_NOPS',
  'CLEANSTACK',
  'MINIMALIF',
  'NULLFAIL',
  'CHECKLOCKTIMEVERIFY',
  'CHECKSEQUENCEVERIFY',
  'WITNESS',
  'DISCOURAGE_UPGRADABLE_WITNESS_PROGRAM',
  'WITNESS_PUBKEYTYPE',
  'CONST_SCRIPTCODE',
  'TAPROOT',
] as const;

export type BitcoinFlag = (typeof BITCOIN_FLAGS)[number];
export type BitcoinFlags = ReadonlySet<BitcoinFlag>;

const isFlag = (name: string): name is BitcoinFlag => (BITCOIN_FLAGS as readonly string[]).includes(name);

/** Undefined where a name is not known: the case is then not run with half its flags. */
export const parseFlags = (text: string): BitcoinFlags | undefined => {
  const names = text.split(',').filter((name) => name !== '' && name !== 'NONE');
  return names.every(isFlag) ? new Set(names) : undefined;
};

/** Drops what has no meaning without another flag. */
export const trimFlags = (flags: BitcoinFlags): BitcoinFlags => {
  const trimmed = new Set(flags);
  if (!trimmed.has('P2SH')) trimmed.delete('WITNESS');
  if (!trimmed.has('WITNESS')) trimmed.delete('CLEANSTACK');
  return trimmed;
};

export const withoutFlags = (flags: BitcoinFlags): BitcoinFlags => new Set(BITCOIN_FLAGS.filter((flag) => !flags.has(flag)));

/** Each set that is smaller by one flag and what hangs on it. */
export const excludeEach = (flags: BitcoinFlags): BitcoinFlags[] => {
  const smaller = BITCOIN_FLAGS.map((excluded) => trimFlags(new Set([...flags].filter((flag) => flag !== excluded))));
  const distinct = new Map(smaller.filter((set) => set.size !== flags.size).map((set) => [[...set].sort().join(), set]));
  return [...distinct.values()];
};

const sharedRules = (flags: BitcoinFlags) => ({
  DERSIG: flags.has('DERSIG'),
  LOW_S: flags.has('LOW_S'),
  STRICTENC: flags.has('STRICTENC'),
  NULLFAIL: flags.has('NULLFAIL'),
  NULLDUMMY: flags.has('NULLDUMMY'),
  MINIMALDATA: flags.has('MINIMALDATA'),
  CHECKLOCKTIMEVERIFY: flags.has('CHECKLOCKTIMEVERIFY'),
  CHECKSEQUENCEVERIFY: flags.has('CHECKSEQUENCEVERIFY'),
  DISCOURAGE_UPGRADABLE_NOPS: flags.has('DISCOURAGE_UPGRADABLE_NOPS'),
  NHASH256: false,
});

/** The rules of scriptSig, bare scripts and P2SH. */
export const legacyRules = (flags: BitcoinFlags): ScriptRules => ({
  ...sharedRules(flags),
  MINIMALIF: false,
  WITNESS_PUBKEYTYPE: false,
  CONST_SCRIPTCODE: flags.has('CONST_SCRIPTCODE'),
});

/** The rules of witness version 0. */
export const witnessRules = (flags: BitcoinFlags): ScriptRules => ({
  ...sharedRules(flags),
  MINIMALIF: flags.has('MINIMALIF'),
  WITNESS_PUBKEYTYPE: flags.has('WITNESS_PUBKEYTYPE'),
  CONST_SCRIPTCODE: false,
});
