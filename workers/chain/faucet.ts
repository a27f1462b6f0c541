import { type Fault, fault } from '#protocol/fault';

const CODE = /^[a-z][a-z0-9-]{0,47}$/;

/**
 * Asks the development node that served the app for coins.
 *
 * @fault the node's own code; `faucet-unreachable`; `faucet-answer`: it said something that is no answer
 * @source SPEC CW12; spec 10, faucet
 */
export const askFaucet = async (address: string): Promise<{ readonly txid: string } | Fault> => {
  try {
    const response = await fetch('/faucet', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ address }),
      credentials: 'same-origin',
      signal: AbortSignal.timeout(10_000),
    });
    const answer = (await response.json()) as { readonly txid?: unknown; readonly fault?: unknown };
    if (typeof answer.txid === 'string' && /^[0-9a-f]{64}$/.test(answer.txid)) return { txid: answer.txid };
    return fault(typeof answer.fault === 'string' && CODE.test(answer.fault) ? answer.fault : 'faucet-answer', { status: response.status });
  } catch {
    return fault('faucet-unreachable');
  }
};
