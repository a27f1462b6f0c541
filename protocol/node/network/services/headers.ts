import { equalBytes } from '../../../codec/bytes.ts';
import { computeEpochHeight } from '../../../stake/heights.ts';
import { MAX_ANSWER_BYTES, MAX_HEADERS } from '../../../wire/limits.ts';
import type { HeadersAnswer, HeadersRequest } from '../../../wire/messages.ts';
import type { NodeChain, StoredHeader } from '../../chain/contract.ts';
import type { Service } from '../serve.ts';
import { type NodeParts, refused } from './node-parts.ts';

/** what one more header may add to the stake proof of its epoch */
const PROOF_SHARE = 1_100;

const countOf = (request: HeadersRequest): number =>
  Math.min(request.kind === 'byHash' ? request.hashes.length : request.count, MAX_HEADERS);

/** Heights after the first hash of the locator that lies on the best chain; after genesis where none does. */
const startOf = (chain: NodeChain, hashes: readonly Uint8Array[]): number => {
  for (const hash of hashes) {
    const known = chain.headerByHash(hash);
    if (known !== undefined && chain.isBest(hash)) return known.header.height + 1;
  }
  return 1;
};

const fromHeight = (chain: NodeChain, start: number, count: number): StoredHeader[] => {
  const found: StoredHeader[] = [];
  for (let height = start; found.length < count; height++) {
    const header = chain.headerAt(height);
    if (header === undefined) break;
    found.push(header);
  }
  return found;
};

/** Stake proofs are given for one branch: the best chain's headers, or a single one of another. */
const byHash = (chain: NodeChain, hashes: readonly Uint8Array[]): StoredHeader[] => {
  const known = hashes.map((hash) => chain.headerByHash(hash)).filter((header) => header !== undefined);
  const best = known.filter(({ hash }) => chain.isBest(hash));
  const chosen = best.length > 0 ? best : known.slice(0, 1);
  return chosen
    .sort((a, b) => a.header.height - b.header.height)
    .filter((header, i) => i === 0 || !equalBytes(header.hash, (chosen[i - 1] as StoredHeader).hash));
};

const select = (chain: NodeChain, request: HeadersRequest): StoredHeader[] => {
  if (request.kind === 'byHash') return byHash(chain, request.hashes);
  const start = request.kind === 'locator' ? startOf(chain, request.hashes) : request.from;
  return fromHeight(chain, start, countOf(request));
};

const collectFilters = async (chain: NodeChain, headers: readonly StoredHeader[]): Promise<Uint8Array[]> => {
  const filters: Uint8Array[] = [];
  let size = 0;
  for (const { hash, bytes } of headers) {
    const filter = await chain.filterOf(hash);
    if (filter === undefined) break;
    size += bytes.length + filter.length + PROOF_SHARE;
    if (size > MAX_ANSWER_BYTES && filters.length > 0) break;
    filters.push(filter);
  }
  return filters;
};

const proveStakes = async (chain: NodeChain, headers: readonly StoredHeader[]): Promise<Uint8Array[] | undefined> => {
  const epochs = new Map<number, StoredHeader[]>();
  for (const header of headers) {
    if (header.header.height === 0 || header.header.right.kind !== 'stake') continue;
    const epoch = computeEpochHeight(header.header.height, chain.parameters);
    const group = epochs.get(epoch);
    if (group === undefined) epochs.set(epoch, [header]);
    else group.push(header);
  }
  const proofs: Uint8Array[] = [];
  for (const [epoch, group] of [...epochs].sort(([a], [b]) => a - b)) {
    const proof = await chain.stakeProofFor(group, epoch);
    if (proof === undefined) return undefined;
    proofs.push(proof);
  }
  return proofs;
};

/** @source SPEC NW3; spec 08 headers/1 */
export const headersService = ({ chain }: NodeParts): Service<'headers'> => ({
  estimate: (request) => ({
    headers: countOf(request),
    ...(request.filters === 'with' ? { filters: countOf(request) } : {}),
  }),
  answer: async (request): Promise<{ answer: HeadersAnswer }> => {
    const selected = select(chain, request);
    const filters = request.filters === 'with' ? await collectFilters(chain, selected) : undefined;
    const headers = selected.slice(0, filters?.length ?? Math.floor(MAX_ANSWER_BYTES / (512 + PROOF_SHARE)));
    if (filters !== undefined && filters.length === 0 && selected.length > 0) return { answer: refused('no-filter') };
    const stakeProofs = await proveStakes(chain, headers);
    if (stakeProofs === undefined) return { answer: refused('no-stake-proof') };
    return { answer: { kind: 'headers', headers: headers.map(({ bytes }) => bytes), stakeProofs, filters: filters ?? [] } };
  },
});
