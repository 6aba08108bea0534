// Calls addresses that organizers have named (product.md section 11): https only, no redirects, and never to a private
// address, which is checked on the very address that the connection goes to. Plain http to loopback on one machine only.
import { lookup as resolveName } from 'node:dns';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { MarketplaceHttp, MarketplaceReply } from '../app/native-ports.ts';
import type { OutboundHttp, OutboundOutcome } from '../app/outbound-ports.ts';
import type { MarketplaceRequest } from '../app/sale-format-ports.ts';

/** Standard Webhooks proposes 15 to 30 s. */
const CALL_MS_MAX = 15_000;
/** One attempt makes up to five calls (token, call, both again, looking up), and a lane is claimed for a minute. */
const API_CALL_MS_MAX = 10_000;
/** A page of a thousand orders in XML has some 1.5 MB. */
const REPLY_BYTES_MAX = 8 * 1_024 * 1_024;
/** A slower clock than ours may name a moment; nobody is waited for longer than a day. */
const RETRY_AFTER_SECONDS_MAX = 86_400;

/** Special-purpose addresses (IANA registries, RFC 6890): private, link-local, loopback, multicast, reserved, translated. */
const FORBIDDEN_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
] as const;
/** Of IPv6 only 2000::/3 is given out; parts of it lead elsewhere. */
const FORBIDDEN_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'] as const;

const v4 = new BlockList();
const v6 = new BlockList();
const unicast = new BlockList();
for (const range of FORBIDDEN_V4) v4.addSubnet(...toSubnet(range), 'ipv4');
for (const range of FORBIDDEN_V6) v6.addSubnet(...toSubnet(range), 'ipv6');
unicast.addSubnet('2000::', 3, 'ipv6');

function toSubnet(range: string): [string, number] {
  const [address = '', bits] = range.split('/');
  return [address, Number(bits)];
}

/** @internal Exported for tests. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !v4.check(address, 'ipv4');
  return isIP(address) === 6 && unicast.check(address, 'ipv6') && !v6.check(address, 'ipv6');
}

interface OutboundSettings {
  readonly allowsLoopback: boolean;
  /** How long a call to a marketplace's API may take; tests wait for less. */
  readonly callMs?: number;
}

export function createOutboundHttp({
  allowsLoopback,
  callMs = API_CALL_MS_MAX,
}: OutboundSettings): OutboundHttp & MarketplaceHttp {
  const isPlace = (url: URL): boolean => allowsLoopback && isLoopback(url);
  /** Undefined for an address that may not be called. */
  const toWay = (url: URL): { readonly isLocal: boolean } | undefined => {
    const isLocal = isPlace(url);
    const isReachable = isIP(toHost(url)) === 0 || isPublicAddress(toHost(url));
    return isLocal || (url.protocol === 'https:' && isReachable) ? { isLocal } : undefined;
  };
  return {
    findFault(text) {
      const url = URL.parse(text);
      if (url === null) return 'must be a URL';
      if (url.protocol !== 'https:' && !isPlace(url)) return 'must begin with https://';
      if (url.username !== '' || url.password !== '') return 'must not hold a user or a password';
      const host = toHost(url);
      const isHidden = isIP(host) === 0 ? host === 'localhost' : !isPublicAddress(host);
      return isHidden && !isPlace(url) ? 'must be a public address' : undefined;
    },
    post: async (request) => {
      const url = new URL(request.url);
      const way = toWay(url);
      if (way === undefined) return { as: 'failed' };
      const response = await send({
        ...request,
        method: 'POST',
        url,
        ...way,
        withinMs: CALL_MS_MAX,
      });
      // What it says beside its status is of no use.
      response?.destroy();
      return response === undefined ? { as: 'failed' } : toOutcome(response);
    },
    call: async (request) => {
      const way = toWay(request.url);
      if (way === undefined) return undefined;
      const response = await send({ ...request, ...way, withinMs: callMs });
      return response && toReply(response);
    },
  };
}

/** IPv6 stands in brackets in a URL. */
const toHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');
const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);

interface Sending extends MarketplaceRequest {
  readonly isLocal: boolean;
  /** For all of it, its answer's body included. */
  readonly withinMs: number;
}

async function send(sending: Sending): Promise<IncomingMessage | undefined> {
  const { url, method, headers, body = '', isLocal, withinMs } = sending;
  const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const begin = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((resolve) => {
    const request = begin(url, {
      method,
      headers: { ...headers, ...length },
      // A connection that is kept would not be checked again.
      agent: false,
      signal: AbortSignal.timeout(withinMs),
      ...(isLocal ? {} : { lookup: lookupPublic }),
    });
    request.on('response', resolve);
    request.on('error', () => resolve(undefined));
    request.end(body);
  });
}

/** Undefined for an answer that breaks off, or goes on and on. */
async function toReply(response: IncomingMessage): Promise<MarketplaceReply | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      bytes += part.length;
      // Leaving the loop hangs up.
      if (bytes > REPLY_BYTES_MAX) return undefined;
      parts.push(part);
    }
  } catch {
    return undefined;
  }
  const retryAfterMs = toRetryAfter(response);
  return {
    status: response.statusCode ?? 0,
    body: Buffer.concat(parts).toString('utf8'),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** All of a name's addresses have to be public: which of them is taken is not ours to say. */
const lookupPublic: LookupFunction = (hostname, options, answer) => {
  resolveName(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) {
      answer(error ?? new Error('the name has no address'), '');
    } else if (!addresses.every(({ address }) => isPublicAddress(address))) {
      answer(new Error('the name leads to an address that is not public'), '');
    } else if (options.all === true) answer(null, addresses);
    else answer(null, first.address, first.family);
  });
};

function toOutcome(response: IncomingMessage): OutboundOutcome {
  const { statusCode = 0 } = response;
  if (statusCode >= 200 && statusCode < 300) return { as: 'taken' };
  const retryAfterMs = toRetryAfter(response);
  return { as: 'failed', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function toRetryAfter({ headers }: IncomingMessage): number | undefined {
  const seconds = /^[0-9]{1,9}$/.exec(headers['retry-after'] ?? '')?.[0];
  return seconds === undefined
    ? undefined
    : Math.min(Number(seconds), RETRY_AFTER_SECONDS_MAX) * 1_000;
}
