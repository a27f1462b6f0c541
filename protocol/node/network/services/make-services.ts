import type { ProtocolName } from '../../../wire/protocols.ts';
import type { Service } from '../serve.ts';
import { bitcoinHeadersService } from './bitcoin-headers.ts';
import { blocksService } from './blocks.ts';
import { filtersService } from './filters.ts';
import { headersService } from './headers.ts';
import { historyService } from './history.ts';
import { mailboxService } from './mailbox.ts';
import type { NodeParts } from './node-parts.ts';
import { peersService } from './peers.ts';
import { proofService } from './proof.ts';
import { statusService } from './status.ts';
import { txService } from './tx.ts';

export type Services = { readonly [N in ProtocolName]: Service<N> };

export const makeServices = (parts: NodeParts, reached: () => readonly string[]): Services => ({
  status: statusService(parts),
  headers: headersService(parts),
  bitcoinHeaders: bitcoinHeadersService(parts),
  blocks: blocksService(parts),
  proof: proofService(parts),
  tx: txService(parts),
  filters: filtersService(parts),
  history: historyService(parts),
  peers: peersService(reached),
  mailbox: mailboxService(parts),
});
