// The HTTP API on one machine: API Gateway's limits and its own error answers, then the functions' answers.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { FunctionTimeout, type Functions } from '../functions.ts';
import type { Lifetime } from '../lifetime.ts';
import { StartProblem } from '../problem.ts';
import type { FindPage } from './docs.ts';
import { type HttpAnswer, type HttpRequest, readAnswer, splitUrl, toHttpEvent } from './event.ts';
import type { FindRoute } from './routes.ts';

/** Largest payload and longest wait of an HTTP API (API Gateway quotas). */
const BODY_BYTES_MAX = 10 * 1_048_576;
const TIMEOUT_MS_MAX = 30_000;

export interface Site {
  readonly findRoute: FindRoute;
  readonly functions: Functions;
  readonly findPage: FindPage;
}

/** A server that answers 503 until it is given its site. */
export interface HttpHost {
  readonly port: number;
  readonly open: (site: Site) => void;
}

export async function startHttp(lifetime: Lifetime, port: number): Promise<HttpHost> {
  let site: Site | undefined;
  const server = createServer((request, response) => {
    answer(request, site).then(
      (given) => send(request, response, given),
      (error: unknown) => {
        // Whoever hung up before the end of the request needs no answer, and nobody needs to know.
        if (request.complete) console.error(error);
        response.destroy();
      },
    );
  });
  await listen(server, port);
  lifetime.onEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    open: (given) => {
      site = given;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EACCES' ? 'may not be used' : 'is in use';
    throw new StartProblem(`Port ${port} ${why}. Choose another one: PORT=3001 npm start`);
  }
}

const gatewayAnswer = (statusCode: number, message: string): HttpAnswer => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  cookies: [],
  body: Buffer.from(JSON.stringify({ message })),
});

async function answer(request: IncomingMessage, site: Site | undefined): Promise<HttpAnswer> {
  const body = await readBody(request);
  if (site === undefined) return gatewayAnswer(503, 'Service Unavailable');
  if (body === undefined) return gatewayAnswer(413, 'Request Entity Too Large');
  const method = request.method ?? 'GET';
  const url = request.url ?? '/';
  const page = await site.findPage(method, splitUrl(url).path);
  if (page !== undefined) return page;
  return invoke(site, {
    method,
    url,
    protocol: `HTTP/${request.httpVersion}`,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    headers: request.headersDistinct,
    body,
  });
}

async function invoke({ findRoute, functions }: Site, request: HttpRequest): Promise<HttpAnswer> {
  const requestId = randomUUID();
  try {
    const route = findRoute(request.method, splitUrl(request.url).path);
    if (route === undefined) return gatewayAnswer(404, 'Not Found');
    const event = toHttpEvent(request, route, { requestId, nowMs: Date.now() });
    const given = await withinTimeout(functions(route.functionName)(event));
    if (given === 'late') return gatewayAnswer(503, 'Service Unavailable');
    const read = readAnswer(given.answer);
    return { ...read, headers: { 'apigw-requestid': requestId, ...read.headers } };
  } catch (error) {
    if (error instanceof URIError) return gatewayAnswer(400, 'Bad Request');
    console.error(error instanceof FunctionTimeout ? error.message : error);
    return gatewayAnswer(500, 'Internal Server Error');
  }
}

async function withinTimeout(
  run: Promise<unknown>,
): Promise<{ readonly answer: unknown } | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), TIMEOUT_MS_MAX);
    timer.unref();
  });
  try {
    return await Promise.race([run.then((given) => ({ answer: given })), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** `undefined` for a body over the limit; the rest of it is read and dropped, so that the answer arrives. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks);
}

function send(request: IncomingMessage, response: ServerResponse, given: HttpAnswer): void {
  for (const [name, value] of Object.entries(given.headers)) response.setHeader(name, value);
  if (given.cookies.length > 0) response.setHeader('set-cookie', [...given.cookies]);
  if (given.statusCode !== 204) response.setHeader('content-length', given.body.length);
  response.writeHead(given.statusCode);
  response.end(request.method === 'HEAD' || given.statusCode === 204 ? undefined : given.body);
}
