import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '#protocol/failure';

/** A node that runs on this machine. @shape folder: where it keeps its token */
export interface LocalNode {
  readonly folder: string;
  readonly port: number;
}

interface RpcAnswer {
  readonly result: unknown;
  readonly error: { readonly message: string; readonly data?: { readonly detail: object } } | null;
}

const readToken = async (folder: string): Promise<string> => {
  try {
    return (await readFile(join(folder, 'token'), 'utf8')).trim();
  } catch (cause) {
    throw new Failure('node-folder', cause);
  }
};

/**
 * One call of the node's JSON-RPC, with its token. Failures: `node-folder`: no token there; `node-unreachable`: nothing
 * answers at that port; what the node refuses, by its code.
 *
 * @source SPEC MP9; spec 08, node
 */
export const askNode = async ({ folder, port }: LocalNode, method: string, params: readonly unknown[]): Promise<unknown> => {
  const token = await readToken(folder);
  let answer: RpcAnswer;
  try {
    const response = await fetch(`http://127.0.0.1:${port}/rpc`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    answer = (await response.json()) as RpcAnswer;
  } catch (cause) {
    throw new Failure('node-unreachable', cause);
  }
  if (answer.error) throw new Failure(answer.error.message, answer.error.data?.detail);
  return answer.result;
};
