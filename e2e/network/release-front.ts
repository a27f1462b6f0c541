import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Release {
  readonly version: string;
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly size: number }[];
}

/** Stands before a node's HTTP and serves newer versions of the wallet than the node has. */
export interface ReleaseFront {
  /** origin of the wallet, with a slash at its end */
  readonly wallet: string;
  /** From here on serves a version whose first page carries this name; answers what the version is called. */
  readonly publish: (name: string) => Promise<string>;
  /** The same, but the page that is served is not the one in the version's own list. */
  readonly publishAltered: (name: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const PASSED_ON = ['content-type', 'cookie'];
const NOT_ANSWERED = new Set(['content-encoding', 'content-length', 'transfer-encoding', 'connection', 'keep-alive']);

const sha256 = (bytes: string): string => createHash('sha256').update(bytes).digest('hex');

const readBody = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
};

const askNode = async (node: string, request: IncomingMessage): Promise<Response> => {
  const headers = new Headers(
    PASSED_ON.flatMap((name) => (request.headers[name] === undefined ? [] : [[name, String(request.headers[name])]])),
  );
  if (request.headers.origin !== undefined) headers.set('origin', new URL(node).origin);
  const method = request.method ?? 'GET';
  const body = method === 'GET' || method === 'HEAD' ? null : await readBody(request);
  return fetch(new URL(request.url ?? '/', node), { method, headers, body });
};

const answer = async (
  node: string,
  files: ReadonlyMap<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const given = await askNode(node, request);
  const headers = [...given.headers].filter(([name]) => !NOT_ANSWERED.has(name));
  const path = request.url === '/' ? '/index.html' : (request.url ?? '');
  response.writeHead(given.status, Object.fromEntries(headers));
  response.end(files.get(path) ?? Buffer.from(await given.arrayBuffer()));
};

const PAGE = '/index.html';
const WORKER = '/sw.js';
const LIST = '/version.json';

/** Makes a front before the node whose wallet is at `node`, on a port of its own. */
export const startReleaseFront = async (node: string): Promise<ReleaseFront> => {
  const files = new Map<string, string>();
  const server = createServer((request, response) => {
    answer(node, files, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const textOf = async (path: string): Promise<string> => (await fetch(new URL(path, node))).text();
  const put = async (name: string, served: (page: string) => string): Promise<string> => {
    const page = (await textOf(PAGE)).replace('</head>', `<meta name="release" content="${name}"></head>`);
    const { files: list } = JSON.parse(await textOf(LIST)) as Release;
    const changed = list.map((file) => (file.path === PAGE ? { ...file, sha256: sha256(page), size: page.length } : file));
    const version = `9.9.9+${name}`;
    files.set(PAGE, served(page));
    files.set(WORKER, `${await textOf(WORKER)}\n// ${name}\n`);
    files.set(LIST, JSON.stringify({ version, files: changed }));
    return version;
  };
  return {
    wallet: `http://localhost:${(server.address() as AddressInfo).port}/`,
    publish: (name) => put(name, (page) => page),
    publishAltered: (name) => put(name, (page) => `${page}<!-- altered -->`),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
