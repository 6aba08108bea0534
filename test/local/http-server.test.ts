import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import { createDocs } from '../../lib/local/http/docs.ts';
import { compileRoutes } from '../../lib/local/http/routes.ts';
import { startHttp } from '../../lib/local/http/server.ts';
import { StartProblem } from '../../lib/local/problem.ts';
import { aLifetime } from './lifetime-of-test.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

async function setup(
  answer: (event: APIGatewayProxyEventV2) => unknown = () => ({ statusCode: 200, body: 'ok' }),
) {
  const lifetime = aLifetime();
  const http = await startHttp(lifetime, 0);
  const events: APIGatewayProxyEventV2[] = [];
  const open = (): void =>
    http.open({
      findRoute: compileRoutes([
        { routeKey: 'POST /v1/things/{id}', functionName: 'things' },
        { routeKey: '$default', functionName: 'things' },
      ]),
      functions: () => async (event) => {
        events.push(event as APIGatewayProxyEventV2);
        return answer(event as APIGatewayProxyEventV2);
      },
      findPage: createDocs(ROOT),
    });
  return { lifetime, http, events, open, baseUrl: `http://127.0.0.1:${http.port}` };
}

describe('the API on one machine', () => {
  it('answers 503 until it is wired', async () => {
    const { baseUrl, open } = await setup();
    expect((await fetch(baseUrl)).status).toBe(503);
    open();
    expect((await fetch(baseUrl)).status).toBe(200);
  });

  it('hands the request to the function of its route, and its answer back', async () => {
    const { baseUrl, events, open } = await setup(() => ({
      statusCode: 201,
      headers: { 'content-type': 'application/json' },
      cookies: ['a=1', 'b=2'],
      body: '{"made":true}',
    }));
    open();
    const response = await fetch(`${baseUrl}/v1/things/a%20b?x=1`, {
      method: 'POST',
      body: '{"n":1}',
    });
    expect([response.status, await response.text(), response.headers.getSetCookie()]).toEqual([
      201,
      '{"made":true}',
      ['a=1', 'b=2'],
    ]);
    expect(response.headers.get('apigw-requestid')).toBe(events[0]?.requestContext.requestId);
    expect(events[0]).toMatchObject({
      routeKey: 'POST /v1/things/{id}',
      pathParameters: { id: 'a b' },
      queryStringParameters: { x: '1' },
      body: '{"n":1}',
    });
  });

  it('answers HEAD without a body, by the default route', async () => {
    const { http, events, open } = await setup();
    open();
    const sent = request({
      port: http.port,
      host: '127.0.0.1',
      method: 'HEAD',
      path: '/v1/x',
    }).end();
    const response = await new Promise<IncomingMessage>((resolve) =>
      sent.once('response', resolve),
    );
    expect([response.statusCode, await text(response)]).toEqual([200, '']);
    expect(events[0]?.routeKey).toBe('$default');
  });

  it.each([
    ['a malformed path', '/v1/things/%E0%A4%A'],
    ['a malformed query', '/v1/things/1?a=%zz'],
  ])('answers 400 to %s', async (_name, path) => {
    const { http, events, open } = await setup();
    open();
    const socket = connect(http.port, '127.0.0.1');
    socket.end(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    );
    const answer = await text(socket);
    expect(answer).toContain('HTTP/1.1 400 ');
    expect(answer).toContain('{"message":"Bad Request"}');
    expect(events).toEqual([]);
  });

  it('answers 413 to a body over 10 MB', async () => {
    const { baseUrl, events, open } = await setup();
    open();
    const [largest, larger] = [10 * 1_048_576, 10 * 1_048_576 + 1];
    const post = (size: number) =>
      fetch(`${baseUrl}/v1/things/1`, { method: 'POST', body: new Uint8Array(size) });
    expect((await post(largest)).status).toBe(200);
    expect((await post(larger)).status).toBe(413);
    expect(events).toHaveLength(1);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('secret'))],
    ['answers nonsense', () => ({ statusCode: 'soon' })],
  ])('answers 500 without a reason when the handler %s', async (_name, answer) => {
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    const { baseUrl, open } = await setup(answer);
    open();
    const response = await fetch(baseUrl);
    expect([response.status, await response.json()]).toEqual([
      500,
      { message: 'Internal Server Error' },
    ]);
    expect(logged).toHaveBeenCalledOnce();
  });

  it('answers 503 when the handler takes longer than 30 s', async () => {
    const { baseUrl, open } = await setup(() => new Promise(() => undefined));
    open();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const response = fetch(baseUrl);
      await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0), 60_000);
      await vi.waitUntil(async () => {
        await vi.advanceTimersByTimeAsync(30_000);
        return (await Promise.race([response, Promise.resolve(undefined)])) !== undefined;
      }, 60_000);
      expect((await response).status).toBe(503);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says which port is in use', async () => {
    const { http } = await setup();
    await expect(startHttp(aLifetime(), http.port)).rejects.toThrow(StartProblem);
    await expect(startHttp(aLifetime(), http.port)).rejects.toThrow(`Port ${http.port} is in use`);
  });
});

describe('the documentation page', () => {
  it('needs nothing from outside', async () => {
    const { baseUrl, open } = await setup();
    open();
    const page = await (await fetch(`${baseUrl}/docs`)).text();
    const paths = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path);
    expect(paths).toHaveLength(4);
    for (const path of paths) {
      expect(path).toMatch(/^\/docs\//);
      expect((await fetch(baseUrl + path)).status).toBe(200);
    }
  });

  it('sends its requests to where it came from', async () => {
    const { baseUrl, open } = await setup();
    open();
    const document = await (await fetch(`${baseUrl}/openapi.json`)).json();
    expect(document).toMatchObject({ openapi: expect.any(String), servers: [{ url: '/' }] });
  });

  it.each(['/docs/package.json', '/docs/..%2fpackage.json', '/docs/unknown.js'])(
    'gives out no other file: %s',
    async (path) => {
      const { baseUrl, events, open } = await setup();
      open();
      await fetch(baseUrl + path);
      expect(events.map(({ routeKey }) => routeKey)).toEqual(['$default']);
    },
  );
});
