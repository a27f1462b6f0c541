import type { SimulatedNode } from './simulated-node.ts';
import type { VirtualNetwork } from './virtual-network.ts';

export interface Summary {
  readonly height: number;
  readonly made: number;
  /** share of the blocks made that are not on the best chain */
  readonly stale: number;
  readonly deepestReorganisation: number;
  /** blocks on the best chain by their maker */
  readonly byMaker: ReadonlyMap<number, number>;
}

/** What became of a simulated network, as its nodes see it. @source spec 03, simulation */
export const summarise = (network: VirtualNetwork, nodes: readonly SimulatedNode[]): Summary => {
  const byMaker = new Map<number, number>();
  let height = 0;
  for (let at = network.blocks.get(nodes[0]?.tip() ?? ''); at !== undefined; at = network.blocks.get(at.parent)) {
    byMaker.set(at.maker, (byMaker.get(at.maker) ?? 0) + 1);
    height++;
  }
  const made = network.blocks.size;
  return { height, made, stale: 1 - height / made, deepestReorganisation: Math.max(...nodes.map(({ deepest }) => deepest)), byMaker };
};
