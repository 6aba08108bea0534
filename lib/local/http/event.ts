// HTTP API events of payload format 2.0, and what a function's answer to one means.
import { isUtf8 } from 'node:buffer';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ACCOUNT_ID } from '../template/place.ts';
import type { RouteMatch } from './routes.ts';

export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly protocol: string;
  readonly sourceIp: string;
  /** Lower-case names; every value that was sent. */
  readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

const API_ID = 'local';
const TEXT_TYPE = /^(text\/|application\/(json|javascript|xml|[\w.+-]+\+(json|xml))\b)/i;

export const splitUrl = (url: string): { readonly path: string; readonly query: string } => {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
};

/** Throws URIError for a query that can't be decoded. */
export function toHttpEvent(
  request: HttpRequest,
  route: RouteMatch,
  { requestId, nowMs }: { readonly requestId: string; readonly nowMs: number },
): APIGatewayProxyEventV2 {
  const { path, query } = splitUrl(request.url);
  const { cookie } = request.headers;
  const headers = toHeaders(request);
  const parameters = parseQuery(query);
  const isText = isUtf8(request.body) && TEXT_TYPE.test(headers['content-type'] ?? 'text/plain');
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: path,
    rawQueryString: query,
    headers,
    ...(cookie === undefined ? {} : { cookies: cookie.flatMap((value) => value.split(/;\s*/)) }),
    ...(Object.keys(parameters).length === 0 ? {} : { queryStringParameters: parameters }),
    ...(Object.keys(route.pathParameters).length === 0
      ? {}
      : { pathParameters: { ...route.pathParameters } }),
    ...(request.body.length === 0
      ? {}
      : { body: request.body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: request.body.length > 0 && !isText,
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: API_ID,
      domainName: headers['host'] ?? '127.0.0.1',
      domainPrefix: API_ID,
      http: {
        method: request.method,
        path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: route.routeKey,
      stage: '$default',
      time: toLogTime(nowMs),
      timeEpoch: nowMs,
    },
  };
}

/** Cookies have a list of their own. The gateway adds where the request came from; here it came without TLS. */
function toHeaders({ headers, sourceIp }: HttpRequest): Record<string, string> {
  const { cookie: _listed, ...others } = headers;
  const sent = Object.entries(others).flatMap(([name, values]) =>
    values === undefined ? [] : [[name, values.join(',')] as const],
  );
  return {
    ...Object.fromEntries(sent),
    'x-forwarded-for': sourceIp,
    'x-forwarded-proto': 'http',
  };
}

/** Repeated names are joined by a comma. */
function parseQuery(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
  for (const part of query.split('&').filter((text) => text !== '')) {
    const [name = '', ...value] = part.split('=');
    const key = decode(name);
    const text = decode(value.join('='));
    parameters[key] = key in parameters ? `${parameters[key]},${text}` : text;
  }
  return parameters;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 05/Nov/2026:10:20:30 +0000 */
function toLogTime(ms: number): string {
  const [, year, month, day, time] =
    /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(ms).toISOString()) ?? [];
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
}

/** A function may answer a whole response or just a value, which is a 200 with that as JSON. */
export function readAnswer(answer: unknown): HttpAnswer {
  if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) {
    const body = typeof answer === 'string' ? answer : JSON.stringify(answer ?? null);
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(body),
    };
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = answer as {
    statusCode: unknown;
    headers?: Readonly<Record<string, unknown>>;
    cookies?: readonly string[];
    body?: unknown;
    isBase64Encoded?: boolean;
  };
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599)
    throw new TypeError('not a status code');
  if (body !== undefined && typeof body !== 'string')
    throw new TypeError('the body of an answer is a text');
  return {
    statusCode: status,
    headers: Object.fromEntries(
      Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
    cookies: cookies ?? [],
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}
