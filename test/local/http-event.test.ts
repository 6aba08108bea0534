import { describe, expect, it } from 'vitest';
import { type HttpRequest, readAnswer, toHttpEvent } from '../../lib/local/http/event.ts';
import { compileRoutes } from '../../lib/local/http/routes.ts';

const routes = (...routeKeys: string[]) =>
  compileRoutes(routeKeys.map((routeKey) => ({ routeKey, functionName: routeKey })));

describe('the route of a request', () => {
  const find = routes(
    'ANY /v1/{proxy+}',
    'GET /v1/imports/{importId}',
    'GET /v1/imports/latest',
    'GET /v1/imports/{importId}/rows',
    'POST /v1/imports/{importId}',
    '$default',
  );

  it.each([
    ['GET', '/v1/imports/latest', 'GET /v1/imports/latest', {}],
    ['GET', '/v1/imports/7', 'GET /v1/imports/{importId}', { importId: '7' }],
    ['POST', '/v1/imports/latest', 'POST /v1/imports/{importId}', { importId: 'latest' }],
    ['GET', '/v1/imports/a%2Fb%20c/rows', 'GET /v1/imports/{importId}/rows', { importId: 'a/b c' }],
    ['PUT', '/v1/imports/7', 'ANY /v1/{proxy+}', { proxy: 'imports/7' }],
    ['GET', '/v1/imports/', 'ANY /v1/{proxy+}', { proxy: 'imports/' }],
    ['GET', '/', '$default', {}],
    ['HEAD', '/v2', '$default', {}],
  ])('%s %s is %s', (method, path, routeKey, pathParameters) => {
    expect(find(method, path)).toEqual(
      expect.objectContaining({ routeKey, functionName: routeKey, pathParameters }),
    );
  });

  it('is none without a $default', () => {
    expect(routes('GET /a')('GET', '/b')).toBeUndefined();
  });

  it('cannot be found in a malformed path', () => {
    expect(() => find('GET', '/v1/imports/%E0%A4%A')).toThrow(URIError);
  });
});

const aRequest = (given: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url: '/v1/events/a%20b?tag=x&tag=y&q=a+b%26c',
  protocol: 'HTTP/1.1',
  sourceIp: '127.0.0.1',
  headers: {
    'content-type': ['application/json'],
    host: ['127.0.0.1:3000'],
    'x-many': ['1', '2'],
    cookie: ['a=1; b=2'],
    'user-agent': ['test'],
  },
  body: Buffer.from('{"é":1}'),
  ...given,
});
const ROUTE = {
  routeKey: 'POST /v1/events/{eventId}',
  functionName: 'f',
  pathParameters: { eventId: 'a b' },
};
const AT = { requestId: 'req-1', nowMs: Date.UTC(2026, 10, 5, 10, 20, 30) };

describe('the event of a request', () => {
  it('is what payload format 2.0 says', () => {
    expect(toHttpEvent(aRequest(), ROUTE, AT)).toEqual({
      version: '2.0',
      routeKey: 'POST /v1/events/{eventId}',
      rawPath: '/v1/events/a%20b',
      rawQueryString: 'tag=x&tag=y&q=a+b%26c',
      cookies: ['a=1', 'b=2'],
      headers: {
        'content-type': 'application/json',
        host: '127.0.0.1:3000',
        'x-many': '1,2',
        'user-agent': 'test',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { tag: 'x,y', q: 'a b&c' },
      pathParameters: { eventId: 'a b' },
      body: '{"é":1}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: '127.0.0.1:3000',
        domainPrefix: 'local',
        http: {
          method: 'POST',
          path: '/v1/events/a%20b',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: 'req-1',
        routeKey: 'POST /v1/events/{eventId}',
        stage: '$default',
        time: '05/Nov/2026:10:20:30 +0000',
        timeEpoch: AT.nowMs,
      },
    });
  });

  it('has no body, query or cookies where none were sent', () => {
    const event = toHttpEvent(
      aRequest({ url: '/v1/x', headers: {}, body: Buffer.alloc(0) }),
      ROUTE,
      AT,
    );
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('queryStringParameters');
    expect(event).not.toHaveProperty('cookies');
    expect(event.isBase64Encoded).toBe(false);
  });

  it.each([
    ['another type', 'application/x-www-form-urlencoded', Buffer.from('a=1')],
    ['bytes that are no text', 'application/json', Buffer.from([0x7b, 0xff])],
  ])('carries %s in base64', (_name, type, body) => {
    const event = toHttpEvent(aRequest({ headers: { 'content-type': [type] }, body }), ROUTE, AT);
    expect(event.isBase64Encoded).toBe(true);
    expect(Buffer.from(event.body ?? '', 'base64')).toEqual(body);
  });

  it('cannot be made of a malformed query', () => {
    expect(() => toHttpEvent(aRequest({ url: '/v1/x?a=%zz' }), ROUTE, AT)).toThrow(URIError);
  });
});

describe('the answer of a function', () => {
  it('is sent as it is', () => {
    const body = Buffer.from([1, 2, 255]);
    const given = {
      statusCode: 201,
      headers: { 'X-A': 5 },
      cookies: ['a=1'],
      body: body.toString('base64'),
      isBase64Encoded: true,
    };
    expect(readAnswer(given)).toEqual({
      statusCode: 201,
      headers: { 'x-a': '5' },
      cookies: ['a=1'],
      body,
    });
  });

  it('without a status is a 200 with the value as JSON', () => {
    expect(readAnswer({ a: 1 })).toEqual(
      expect.objectContaining({ statusCode: 200, body: Buffer.from('{"a":1}') }),
    );
  });

  it.each([[{ statusCode: 'x' }], [{ statusCode: 200, body: { a: 1 } }]])(
    'is refused when it is malformed: %j',
    (given) => {
      expect(() => readAnswer(given)).toThrow(TypeError);
    },
  );
});
