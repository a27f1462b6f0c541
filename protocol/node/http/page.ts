import { encodeHex } from '#protocol/codec/hex';
import type { NodeServices } from './services.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);

const row = (name: string, value: string | number | bigint): string =>
  `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(String(value))}</td></tr>`;

const table = (rows: readonly string[]): string => `<table>${rows.join('')}</table>`;

const time = (seconds: number): string => new Date(seconds * 1000).toISOString();

export const NODE_STYLE = `body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color-scheme: light dark; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
th { text-align: left; font-weight: 600; width: 16rem; vertical-align: top; }
th, td { padding: 0.25rem 0.5rem; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); overflow-wrap: anywhere; }
`;

const chainRows = ({ chain, mempool, bitcoin }: NodeServices): string[] => {
  const { header, hash } = chain.tip();
  return [
    row('Network', chain.network),
    row('Genesis', encodeHex(chain.genesis)),
    row('Height', header.height),
    row('Tip', encodeHex(hash)),
    row('Tip time', time(header.time)),
    row('Weight', header.weight),
    row('Coins', chain.coinCount()),
    row('Value, base units', header.economy.value),
    row('Locked, base units', header.economy.locked),
    row('Debt, base units', header.economy.debt),
    row('Overdue, base units', header.economy.overdue),
    row('Pooled transactions', mempool.pool.size),
    row('Bitcoin height', bitcoin.tip().height),
    row('Deep rival', chain.deepRival() === undefined ? 'none' : 'seen: this node makes no blocks until its operator decides'),
  ];
};

const peerRows = ({ network }: NodeServices): string[] =>
  network.peers().map((peer) => row(peer.id, `${peer.address} · ${peer.direction} · height ${peer.status()?.tipHeight ?? 'unknown'}`));

/** The node as a page of plain tables; everything that came from outside is escaped. @source SPEC ND33 */
export const renderNodePage = (services: NodeServices): string => {
  const staking = services.staking();
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>ValueCyber node</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/node/style.css"></head><body><main>
<h1>ValueCyber node</h1>
${table(chainRows(services))}
<h2>Staking</h2>
${table([row('Stakes', staking.stakes), row('Blocks made', staking.blocksMade), row('Waits for', staking.waitsFor ?? 'nothing')])}
<h2>Peers</h2>
${table(peerRows(services))}
</main></body></html>
`;
};
