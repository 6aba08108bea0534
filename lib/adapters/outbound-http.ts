// Calls addresses that organizers have named (product.md section 11): https only, no redirects, and never to a private
// address, which is checked on the very address that the connection goes to. Plain http to loopback on one machine only.
import { lookup as resolveName } from 'node:dns';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { OutboundHttp, OutboundOutcome, OutboundRequest } from '../app/outbound-ports.ts';

/** Standard Webhooks proposes 15 to 30 s. */
const CALL_MS_MAX = 15_000;
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

export function createOutboundHttp({
  allowsLoopback,
}: {
  readonly allowsLoopback: boolean;
}): OutboundHttp {
  const isPlace = (url: URL): boolean => allowsLoopback && isLoopback(url);
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
      const isLocal = isPlace(url);
      const isReachable = isIP(toHost(url)) === 0 || isPublicAddress(toHost(url));
      if (!isLocal && (url.protocol !== 'https:' || !isReachable)) return { as: 'failed' };
      return post(url, request, isLocal);
    },
  };
}

/** IPv6 stands in brackets in a URL. */
const toHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');
const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);

async function post(
  url: URL,
  { headers, body }: OutboundRequest,
  isLocal: boolean,
): Promise<OutboundOutcome> {
  const begin = url.protocol === 'https:' ? requestSecure : requestPlain;
  return new Promise((resolve) => {
    const request = begin(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      // A connection that is kept would not be checked again.
      agent: false,
      signal: AbortSignal.timeout(CALL_MS_MAX),
      ...(isLocal ? {} : { lookup: lookupPublic }),
    });
    request.on('response', (response) => {
      resolve(toOutcome(response));
      // What it says beside its status is of no use.
      response.destroy();
    });
    request.on('error', () => resolve({ as: 'failed' }));
    request.end(body);
  });
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

function toOutcome({ statusCode = 0, headers }: IncomingMessage): OutboundOutcome {
  if (statusCode >= 200 && statusCode < 300) return { as: 'taken' };
  const seconds = /^[0-9]{1,9}$/.exec(headers['retry-after'] ?? '')?.[0];
  if (seconds === undefined) return { as: 'failed' };
  return {
    as: 'failed',
    retryAfterMs: Math.min(Number(seconds), RETRY_AFTER_SECONDS_MAX) * 1_000,
  };
}
