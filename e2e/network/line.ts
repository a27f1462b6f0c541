import type { Page } from '@playwright/test';

export interface Line {
  /** nothing of the tab reaches a node, and neither notices */
  cut: boolean;
  /** milliseconds that every answer is on its way */
  lag: number;
}

/** What stands between a tab and the nodes. */
export const standBetween = (page: Page, line: Line): Promise<void> =>
  page.routeWebSocket(/.*/, (socket) => {
    const node = socket.connectToServer();
    socket.onMessage((message) => void (line.cut || node.send(message)));
    node.onMessage((message) => void (line.lag === 0 ? socket.send(message) : setTimeout(() => socket.send(message), line.lag)));
  });
