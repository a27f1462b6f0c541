import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../codec/bytes.ts';
import { asHash32 } from '../codec/hash32.ts';
import { sha256 } from '../crypto/hash.ts';
import { isFault } from '../fault.ts';
import { type CheckedParameters, checkParameters } from './check-parameters.ts';
import { computeConfigHash, decodeNetworkFile, encodeNetworkFile, type NetworkFile } from './network-file.ts';
import { DEV_PARAMETERS, MAIN_PARAMETERS, PARAMETERS, TEST_PARAMETERS } from './networks.ts';
import type { Parameters } from './parameters.ts';
import { TARGET_RANGE } from './target.ts';

const codeOf = (parameters: Parameters): string | undefined => {
  const verdict = checkParameters(parameters);
  return isFault(verdict) ? verdict.fault : undefined;
};

describe('parameters', () => {
  test.each(Object.values(PARAMETERS))('PA1 of $name are in range and agree', (parameters) => {
    expect(checkParameters(parameters)).toBe(parameters);
  });

  test('PA1 are those of spec 06, units and all', () => {
    expect(DEV_PARAMETERS).toMatchObject({ slotLength: 1, targetSpacing: 4, stakeMaturity: 20, maxReorg: 10, minStake: 100_000_000n });
    expect(DEV_PARAMETERS.maxTarget).toBe(2n ** 256n / 100_000_000n);
    expect(TEST_PARAMETERS).toMatchObject({
      slotLength: 16,
      targetSpacing: 64,
      stakeMaturity: 400,
      bitcoinLag: 7_200,
      maxStateGrowth: 65_536,
    });
    expect(MAIN_PARAMETERS).toMatchObject({
      stakeMaturity: 720,
      maxReorg: 720,
      creditPeriod: 40_500,
      badDebtAge: 65_535,
      coinType: 22_083,
    });
  });

  const ranges: readonly [string, Partial<Parameters>][] = [
    ['slotLength', { slotLength: 0 }],
    ['slotLength', { slotLength: 1.5 }],
    ['retargetWindow', { retargetWindow: 1 }],
    ['maxTarget', { maxTarget: TARGET_RANGE }],
    ['stakeEpoch', { stakeEpoch: 0 }],
    ['minStake', { minStake: 0n }],
    ['minOutput', { minOutput: 2n ** 53n }],
    ['bitcoin', { bitcoin: { ...DEV_PARAMETERS.bitcoin, limitBits: -1 } }],
    ['groupMax', { groupMax: 21 }],
    ['vote', { vote: { window: 100, threshold: 101, by: 'count' } }],
    ['final', { final: { small: 0, large: 1, above: 0n } }],
    ['suffix', { suffix: 513 }],
    ['addressPrefix', { addressPrefix: { plain: 'VC', realName: 'vcr' } }],
    ['badDebtAge', { badDebtAge: Number.NaN }],
  ];
  test.each(ranges)('PA1 refuses %s out of its range', (parameter, change) => {
    expect(checkParameters({ ...DEV_PARAMETERS, ...change })).toMatchObject({ fault: 'parameter-range', detail: { parameter } });
  });

  /** [code, at the bound, over the bound] */
  const bounds: readonly [string, Parameters, Partial<Parameters>, Partial<Parameters>][] = [
    ['maturity-below-reorganisation', DEV_PARAMETERS, { maxReorg: 20 }, { maxReorg: 21 }],
    ['maturity-below-bitcoin-lag', DEV_PARAMETERS, { stakeMaturity: 21, bitcoinLag: 28 }, { stakeMaturity: 21, bitcoinLag: 29 }],
    ['too-few-genesis-stakes', DEV_PARAMETERS, { genesisStakes: 41 }, { genesisStakes: 40 }],
    ['burn-timeout-below-spacing', DEV_PARAMETERS, { burnTimeout: 4 }, { burnTimeout: 3 }],
    ['judge-window-above-maturity', DEV_PARAMETERS, { judgeWindow: 40 }, { judgeWindow: 41 }],
    ['drift-above-slot', MAIN_PARAMETERS, { maxDrift: 15 }, { maxDrift: 16 }],
    ['bitcoin-stale-above-lag', MAIN_PARAMETERS, { bitcoinStale: 12 }, { bitcoinStale: 13 }],
    ['max-target-not-min-stake', DEV_PARAMETERS, {}, { maxTarget: DEV_PARAMETERS.maxTarget - 1n }],
    ['spacing-below-slot', DEV_PARAMETERS, { slotLength: 4 }, { slotLength: 5 }],
    ['group-bounds', DEV_PARAMETERS, { groupMin: 20 }, { groupMin: 20, groupMax: 19 }],
    [
      'bitcoin-checkpoint',
      MAIN_PARAMETERS,
      {},
      { bitcoin: { ...MAIN_PARAMETERS.bitcoin, checkpoint: { ...MAIN_PARAMETERS.bitcoin.checkpoint, height: 832_609 } } },
    ],
    ['bitcoin-limit', DEV_PARAMETERS, {}, { bitcoin: { ...DEV_PARAMETERS.bitcoin, limitBits: 0 } }],
  ];
  test.each(bounds)('PA2 %s holds at its bound and not beyond (S13)', (code, base, at, over) => {
    expect(codeOf({ ...base, ...at })).toBeUndefined();
    expect(codeOf({ ...base, ...over })).toBe(code);
  });

  test('PA2 lets drift be a slot where slots are of one second, and Bitcoin be stale on dev', () => {
    expect(codeOf({ ...DEV_PARAMETERS, maxDrift: 5 })).toBeUndefined();
    expect(codeOf({ ...DEV_PARAMETERS, bitcoinStale: 144 })).toBeUndefined();
  });
});

const file: NetworkFile = {
  name: 'dev',
  genesisHash: sha256(Uint8Array.of(1)),
  genesisTime: 1_800_000_000,
  from: 0,
  parameters: DEV_PARAMETERS as CheckedParameters,
  checkpoints: [{ height: 5, hash: sha256(Uint8Array.of(2)), bitcoinHeight: 9, bitcoinHash: sha256(Uint8Array.of(3)) }],
  bootstrap: ['/ip4/127.0.0.1/tcp/8490/p2p/12D3KooWExample'],
};

describe('network file', () => {
  const bytes = encodeNetworkFile(file);
  const text = new TextDecoder().decode(bytes);
  const judge = (changed: string): string | undefined => {
    const verdict = decodeNetworkFile(new TextEncoder().encode(changed));
    return isFault(verdict) ? verdict.fault : undefined;
  };
  const replaced = (from: string, to: string): string => {
    expect(text).toContain(from);
    return text.replace(from, to);
  };

  test.each(Object.values(PARAMETERS))('PA3 of $name decodes to what was encoded', (parameters) => {
    const made = { ...file, name: parameters.name, parameters: parameters as CheckedParameters };
    expect(decodeNetworkFile(encodeNetworkFile(made))).toEqual(made);
  });

  const changes: readonly [string, string, string, string][] = [
    ['an unknown key', '{\n  "name"', '{\n  "more": 1,\n  "name"', 'unknown-key'],
    ['an unknown parameter', '"slotLength"', '"slotLenght"', 'unknown-key'],
    ['a key named by the language', '{\n  "name"', '{\n  "__proto__": {},\n  "name"', 'unknown-key'],
    ['a missing key', '  "from": "0 blocks",\n', '', 'missing-key'],
    ['a doubled key', '"from": "0 blocks"', '"from": "1 blocks",\n  "from": "0 blocks"', 'not-canonical'],
    ['another spacing', '"from": "0', '"from":  "0', 'not-canonical'],
    ['another unit', '"4 s"', '"4 blocks"', 'field'],
    ['no unit', '"4 s"', '4', 'field'],
    ['a leading zero', '"4 s"', '"04 s"', 'field'],
    ['null', '"4 s"', 'null', 'field'],
    ['a value out of range', '"4 s"', '"99999999 s"', 'parameter-range'],
    ['parameters that disagree', '"maxReorg": "10 blocks"', '"maxReorg": "21 blocks"', 'maturity-below-reorganisation'],
    ['an unknown network', '"name": "dev"', '"name": "web"', 'field'],
    ['an unknown key inside', '"small": ', '"tiny": ', 'field'],
    ['a hash that is short', '"hash": "', '"hash": "0', 'field'],
    ['an address that is none', '"/ip4/', '"ip4/', 'field'],
    ['letters that are not plain', '"dev"', '"dév"', 'json'],
    ['no object', text, '[]\n', 'json'],
    ['no JSON', '{\n', '', 'json'],
  ];
  test.each(changes)('PA3 refuses %s', (_, from, to, code) => {
    expect(judge(replaced(from, to))).toBe(code);
  });

  test('PA3 refuses a genesis between slots, and more than 64 KiB', () => {
    const main = { ...file, name: 'main' as const, parameters: MAIN_PARAMETERS as CheckedParameters };
    expect(decodeNetworkFile(encodeNetworkFile({ ...main, genesisTime: 1_800_000_001 }))).toMatchObject({ fault: 'genesis-time' });
    expect(decodeNetworkFile(new Uint8Array(65_537))).toMatchObject({ fault: 'size' });
  });

  test('PA3 refuses more checkpoints or peers than it may name', () => {
    const [checkpoint] = file.checkpoints as [NetworkFile['checkpoints'][number]];
    const many = (count: number) => new Array(count);
    const codes = (made: Partial<NetworkFile>): string | undefined => {
      const verdict = decodeNetworkFile(encodeNetworkFile({ ...file, ...made }));
      return isFault(verdict) ? `${verdict.fault} ${String(verdict.detail.key)}` : undefined;
    };
    expect(codes({ bootstrap: many(64).fill('/ip4/127.0.0.1/tcp/1') })).toBeUndefined();
    expect(codes({ bootstrap: many(65).fill('/ip4/127.0.0.1/tcp/1') })).toBe('field bootstrap');
    expect(codes({ checkpoints: many(200).fill(checkpoint) })).toBeUndefined();
    expect(codes({ checkpoints: many(257).fill(checkpoint) })).toMatch(/^(field checkpoints|size)/);
  });

  test('PA3 never throws on any change', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(127), (at, value) => {
        const changed = bytes.slice();
        changed[at] = value;
        const read = decodeNetworkFile(changed);
        if (!isFault(read)) expect(encodeNetworkFile(read)).toEqual(changed);
      }),
    );
  });

  test('PA5 is bound into headers with its commit', () => {
    const tag = sha256(new TextEncoder().encode('VC/config'));
    const commit = new Uint8Array(20);
    expect(computeConfigHash(commit, bytes)).toEqual(asHash32(sha256(concatBytes(tag, tag, commit, sha256(bytes)))));
  });
});
