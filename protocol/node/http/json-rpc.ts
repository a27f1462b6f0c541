import type { Fault } from '#protocol/fault';

/** Codes of JSON-RPC 2.0 and of Bitcoin Core. */
export const RPC_CODES = {
  parse: -32700,
  request: -32600,
  method: -32601,
  parameters: -32602,
  misc: -1,
  type: -3,
  address: -5,
  parameter: -8,
  verify: -26,
} as const;

export class RpcRefusal extends Error {
  readonly code: number;
  readonly reason: Fault | undefined;

  constructor(code: number, message: string, reason?: Fault) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

export type RpcMethod = (params: readonly unknown[]) => unknown;

export interface RpcTable {
  readonly methods: Readonly<Record<string, RpcMethod>>;
  /** methods that change something: they need the token */
  readonly guarded: ReadonlySet<string>;
}

interface RpcRequest {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

const MAX_BATCH = 100;

const readRequest = (value: unknown): RpcRequest | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { id = null, method, params = [] } = value as Record<string, unknown>;
  return typeof method === 'string' && Array.isArray(params) ? { id, method, params } : undefined;
};

const failed = (id: unknown, refusal: RpcRefusal): object => ({
  jsonrpc: '2.0',
  result: null,
  error: { code: refusal.code, message: refusal.message, ...(refusal.reason === undefined ? {} : { data: showFault(refusal.reason) }) },
  id,
});

export const showDetail = ({ detail }: Fault): object =>
  Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, typeof value === 'bigint' ? value.toString() : value]));

const showFault = (reason: Fault): object => ({ fault: reason.fault, detail: showDetail(reason) });

const callOne = async (table: RpcTable, value: unknown, trusted: boolean): Promise<object> => {
  const request = readRequest(value);
  if (request === undefined) return failed(null, new RpcRefusal(RPC_CODES.request, 'invalid request'));
  const method = Object.hasOwn(table.methods, request.method) ? table.methods[request.method] : undefined;
  if (method === undefined) return failed(request.id, new RpcRefusal(RPC_CODES.method, 'method not found'));
  if (table.guarded.has(request.method) && !trusted) return failed(request.id, new RpcRefusal(RPC_CODES.misc, 'token-missing'));
  try {
    return { jsonrpc: '2.0', result: (await method(request.params)) ?? null, error: null, id: request.id };
  } catch (error) {
    if (error instanceof RpcRefusal) return failed(request.id, error);
    throw error;
  }
};

/** Answers a JSON-RPC request or batch. `trusted`: it came with the node's token. @source SPEC ND32 */
export const answerRpc = async (table: RpcTable, body: string, trusted: boolean): Promise<unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return failed(null, new RpcRefusal(RPC_CODES.parse, 'parse error'));
  }
  if (!Array.isArray(value)) return callOne(table, value, trusted);
  if (value.length === 0 || value.length > MAX_BATCH) return failed(null, new RpcRefusal(RPC_CODES.request, 'invalid request'));
  const answers: object[] = [];
  for (const each of value) answers.push(await callOne(table, each, trusted));
  return answers;
};
