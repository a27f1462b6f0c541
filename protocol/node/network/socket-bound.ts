import { Server, type Socket } from 'node:net';
import type { Listener } from '@libp2p/interface';
import { MAX_SOCKETS, REQUEST_DEADLINE } from './limits.ts';

interface WithListeners {
  readonly components: { readonly transportManager: { readonly getListeners: () => readonly Listener[] } };
}

/** What a started libp2p listens on. */
export const listenersOf = (libp2p: unknown): readonly Listener[] => (libp2p as WithListeners).components.transportManager.getListeners();

/** The listeners of libp2p keep their socket server for themselves; the bound on sockets has to be set on it. */
const serverOf = (listener: Listener): Server | undefined => {
  const { server } = listener as Listener & { readonly server?: unknown };
  return server instanceof Server ? server : undefined;
};

const endIfSilent = (socket: Socket): void => {
  socket.setTimeout(REQUEST_DEADLINE, () => socket.destroy());
};

/**
 * Bounds the sockets of a listener before anything is read from them: further ones are closed at once, and one that says
 * nothing is closed after a while. What takes a socket over sets its own deadline.
 *
 * @source SPEC NW18; attack P5
 */
export const boundSockets = (listener: Listener): void => {
  const server = serverOf(listener);
  if (server === undefined) return;
  server.maxConnections = MAX_SOCKETS;
  server.on('connection', endIfSilent);
};
