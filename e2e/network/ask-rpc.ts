/** A node's JSON-RPC, as anybody on its machine may ask it. @shape node: origin of its HTTP */
export const askRpc = async <T>(node: string, method: string, params: readonly unknown[] = []): Promise<T> => {
  const answer = await fetch(new URL('rpc', node), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  return ((await answer.json()) as { readonly result: T }).result;
};
