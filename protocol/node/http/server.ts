import { type HttpBindings, serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { Failure } from '#protocol/failure';
import { isFault } from '#protocol/fault';
import { decodeNetworkFile } from '#protocol/params/network-file';
import { cookieName, isOwnHost, isOwnOrigin, isSameToken, readCookie, tokenCookie } from './guard.ts';
import { answerRpc } from './json-rpc.ts';
import { makeMetrics } from './metrics.ts';
import { NODE_STYLE, renderNodePage } from './page.ts';
import { contentPolicy, securityHeaders } from './policy.ts';
import { makeRpcTable } from './rpc-methods.ts';
import type { NodeServices } from './services.ts';
import { describeHealth, describeStatus } from './status.ts';
import { readWebFile } from './web-files.ts';

export interface HttpOptions {
  readonly port: number;
  readonly token: string;
  readonly webFolder: string;
}

export interface HttpServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

type Env = { Bindings: HttpBindings };

const MAX_BODY = 1_000_000;
const FAUCET_STATUS: Readonly<Record<string, 404 | 429 | 503>> = { 'faucet-wait': 429, 'faucet-empty': 503, 'not-here': 404 };

const isTrusted = (context: Context<Env>, { port, token }: HttpOptions): boolean => {
  const bearer = context.req.header('authorization')?.replace(/^Bearer /, '');
  return isSameToken(bearer, token) || isSameToken(readCookie(context.req.header('cookie'), cookieName(port)), token);
};

/** Every request is judged before anything is read, and every answer carries the same headers. @source SPEC ND30, ND31 */
const addGuards = (app: Hono<Env>, services: NodeServices, options: HttpOptions): void => {
  const network = decodeNetworkFile(services.networkFile);
  const headers = securityHeaders(isFault(network) ? "default-src 'none'" : contentPolicy(options.webFolder, network));
  app.use(async (context, next) => {
    const { port } = options;
    if (!isOwnHost(context.req.header('host'), port)) context.res = context.json({ fault: 'host' }, 403);
    else if (!isOwnOrigin(context.req.header('origin'), port)) context.res = context.json({ fault: 'origin' }, 403);
    else await next();
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value);
  });
  app.onError((error, context) => {
    services.log.error({ err: error, path: context.req.path }, 'request failed');
    const answer = context.json({ fault: 'internal' }, 500);
    for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
    return answer;
  });
};

const addReadings = (app: Hono<Env>, services: NodeServices): void => {
  const metrics = makeMetrics(services);
  app.get('/status', (context) => context.json(describeStatus(services)));
  app.get('/health', (context) => {
    const health = describeHealth(services);
    return context.json(health, health.healthy ? 200 : 503);
  });
  app.get('/metrics', async (context) => context.body(await metrics.metrics(), 200, { 'Content-Type': metrics.contentType }));
  app.get('/node', (context) => context.html(renderNodePage(services)));
  app.get('/node/style.css', (context) => context.body(NODE_STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
};

const addCalls = (app: Hono<Env>, services: NodeServices, options: HttpOptions): void => {
  const table = makeRpcTable(services);
  app.use(bodyLimit({ maxSize: MAX_BODY, onError: (context) => context.json({ fault: 'size' }, 413) }));
  app.post('/rpc', async (context) =>
    context.json((await answerRpc(table, await context.req.text(), isTrusted(context, options))) as object),
  );
  app.post('/faucet', async (context) => {
    if (!isTrusted(context, options)) return context.json({ fault: 'token-missing' }, 403);
    if (services.faucet === undefined) return context.json({ fault: 'not-here' }, 404);
    const body = (await context.req.json().catch(() => undefined)) as { address?: unknown } | undefined;
    if (typeof body?.address !== 'string' || body.address.length > 200) return context.json({ fault: 'address' }, 400);
    const grant = await services.faucet(body.address);
    if (isFault(grant)) return context.json({ fault: grant.fault }, FAUCET_STATUS[grant.fault] ?? 400);
    return context.json({ txid: grant.txid, amount: grant.amount.toString() });
  });
};

/** The wallet's files are the same for everybody: only they are compressed. @source SPEC ND45 */
const addWallet = (app: Hono<Env>, services: NodeServices, options: HttpOptions): void => {
  const cookie = tokenCookie(options.port, options.token);
  app.get('/network.json', (context) =>
    context.body(services.networkFile, 200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Cache-Control': 'no-cache',
      'Set-Cookie': cookie,
    }),
  );
  app.get('*', compress({ encoding: 'gzip' }), async (context) => {
    const file = await readWebFile(options.webFolder, context.req.path);
    if (file === undefined) return context.json({ fault: 'not-here' }, 404);
    return context.body(file.bytes, 200, { 'Content-Type': file.type, 'Cache-Control': file.cache, 'Set-Cookie': cookie });
  });
};

/** Listens on loopback only. A port that is taken is a `port-in-use` Failure, never another port. @source SPEC ND34 */
export const startHttp = (services: NodeServices, options: HttpOptions): Promise<HttpServer> => {
  const app = new Hono<Env>();
  addGuards(app, services, options);
  addReadings(app, services);
  addCalls(app, services, options);
  addWallet(app, services, options);
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port: options.port, hostname: '127.0.0.1' }, () => {
      resolve({
        port: options.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(new Failure(error.code === 'EADDRINUSE' ? 'port-in-use' : 'http', error));
    });
  });
};
