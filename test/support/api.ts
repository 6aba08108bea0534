// Calls routes as API Gateway would: HTTP API events, payload format 2.0, through the real pipeline.
import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type AnyRoute, toRouteKey } from '../../lib/http/contract.ts';
import type { PipelineDeps } from '../../lib/http/pipeline.ts';
import { serve } from '../../lib/http/serve.ts';
import { expectContract } from './contract.ts';

export interface Call {
  readonly key?: string | undefined;
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of a body
  readonly body: any;
}
export type Api = (request: `${string} /${string}`, call?: Call) => Promise<Reply>;

/** Every reply is also checked against the route's contract. */
export function createApi<D extends PipelineDeps>(routes: readonly AnyRoute<D>[], deps: D): Api {
  const handler = serve(routes, deps);
  const matchers = routes.map((route) => toMatcher(route));
  return async (request, call = {}) => {
    const [method = '', target = ''] = request.split(' ', 2);
    const url = new URL(target, 'http://localhost');
    const found = matchers
      .map(({ route, pattern }) => ({ route, match: pattern.exec(`${method} ${url.pathname}`) }))
      .find(({ match }) => match !== null);
    const event = toEvent({ method, url, call }, found?.route, found?.match?.groups ?? {});
    const response = await handler(event);
    if (found !== undefined) expectContract(found.route.contract, response);
    const isJson = /json/.test(response.headers['content-type'] ?? '');
    return {
      status: response.statusCode,
      headers: response.headers,
      body: isJson ? JSON.parse(response.body) : response.body,
    };
  };
}

function toMatcher<D>(route: AnyRoute<D>) {
  const path = String(route.contract.path).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return { route, pattern: new RegExp(`^${route.contract.method} ${path}$`) };
}

export function toEvent<D>(
  { method, url, call }: { readonly method: string; readonly url: URL; readonly call: Call },
  route: AnyRoute<D> | undefined,
  groups: Readonly<Record<string, string>>,
): APIGatewayProxyEventV2 {
  const body = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  const params = Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]);
  return {
    version: '2.0',
    routeKey: route === undefined ? '$default' : toRouteKey(route.contract),
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: {
      host: 'localhost',
      'x-forwarded-proto': 'http',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.key === undefined ? {} : { authorization: `Bearer ${call.key}` }),
      ...call.headers,
    },
    pathParameters: Object.fromEntries(params),
    queryStringParameters: Object.fromEntries(url.searchParams),
    requestContext: {
      accountId: '000000000000',
      apiId: 'test',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: {
        method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body }),
  };
}
