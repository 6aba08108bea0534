// Each way in which a marketplace proves itself: what is right passes, and any single thing that is wrong doesn't.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { InboundAuth } from '../../../lib/domain/marketplaces/channel.ts';
import { toMercuryToken, TOKEN_SECONDS } from '../../../lib/domain/marketplaces/mercury-token.ts';
import {
  type InboundCall,
  verifyInbound,
} from '../../../lib/domain/marketplaces/verify-inbound.ts';
import {
  isWebhookSecret,
  signWebhook,
  verifyWebhook,
} from '../../../lib/domain/marketplaces/webhook-signature.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 20);
const SECRETS = [`whsec_${'A'.repeat(32)}`, `whsec_${'B'.repeat(32)}`, `whsec_${'C'.repeat(32)}`];
const [FIRST = '', SECOND = '', FOREIGN = ''] = SECRETS;

const aCall = (overrides: Partial<InboundCall> = {}): InboundCall => ({
  method: 'POST',
  host: 'api.example.com',
  path: '/hooks/chn_1/holds',
  query: '',
  text: '{"quantity":2}',
  headers: {},
  ...overrides,
});
const isProved = (auth: InboundAuth, call: InboundCall, nowMs = NOW_MS): boolean =>
  verifyInbound(auth, call, nowMs) !== undefined;

describe('Standard Webhooks', () => {
  const auth = { mode: 'standardWebhooks', secrets: [FIRST, SECOND] } as const;
  const sign = (secret: string, { text = aCall().text, at = NOW_MS, id = 'msg_1' } = {}) => ({
    ...signWebhook({ id, text, nowMs: at }, secret),
  });

  it('signs as the example of the specification', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', text: '{"test": 2432232314}' };
    const signed = signWebhook({ ...message, nowMs: 1_614_265_330_000 }, secret);
    expect(signed['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('takes each active secret, and tells id and time', () => {
    for (const secret of [FIRST, SECOND]) {
      expect(verifyInbound(auth, aCall({ headers: sign(secret) }), NOW_MS)).toEqual({
        delivery: { id: 'msg_1', attempt: NOW_MS / 1_000, content: aCall().text },
      });
    }
  });

  it('finds a good signature among others', () => {
    const headers = sign(FIRST);
    const list = `v1a,xyz ${sign(FOREIGN)['webhook-signature']} ${headers['webhook-signature']}`;
    expect(isProved(auth, aCall({ headers: { ...headers, 'webhook-signature': list } }))).toBe(
      true,
    );
  });

  it.each([
    ['another secret', { headers: sign(FOREIGN) }],
    ['another body', { headers: sign(FIRST), text: '{"quantity":3}' }],
    ['another id', { headers: { ...sign(FIRST), 'webhook-id': 'msg_2' } }],
    ['another time', { headers: { ...sign(FIRST), 'webhook-timestamp': '1' } }],
    ['no signature', { headers: { ...sign(FIRST), 'webhook-signature': '' } }],
    ['an id that is no key', { headers: sign(FIRST, { id: 'x'.repeat(201) }) }],
    ['nothing', { headers: {} }],
  ])('refuses %s', (_name, change) => {
    expect(isProved(auth, aCall(change))).toBe(false);
  });

  it.each([
    [-300, true],
    [300, true],
    [-301, false],
    [301, false],
  ])('a time %i seconds off: %s', (seconds, expected) => {
    const headers = sign(FIRST, { at: NOW_MS + seconds * 1_000 });
    expect(
      verifyWebhook({ headers, text: aCall().text, nowMs: NOW_MS }, [FIRST]) !== undefined,
    ).toBe(expected);
  });

  it.each([
    [`whsec_${Buffer.alloc(24).toString('base64')}`, true],
    [`whsec_${Buffer.alloc(64).toString('base64')}`, true],
    [`whsec_${Buffer.alloc(23).toString('base64')}`, false],
    [`whsec_${Buffer.alloc(65).toString('base64')}`, false],
    [Buffer.alloc(32).toString('base64'), false],
    ['whsec_', false],
  ])('%s is a secret: %s', (text, expected) => expect(isWebhookSecret(text)).toBe(expected));
});

describe('a static Authorization', () => {
  const auth = { mode: 'authorization', value: 'Basic abc' } as const;
  it.each([
    ['Basic abc', true],
    ['Basic abd', false],
    ['basic abc', false],
    ['Basic abc ', false],
    [undefined, false],
  ])('%s: %s', (authorization, expected) => {
    expect(isProved(auth, aCall({ headers: { authorization } }))).toBe(expected);
  });
});

describe("TicketNetwork's body HMAC", () => {
  const auth = { mode: 'bodyHmac', secret: 'a secret of some length' } as const;
  const sign = (text: string, secret: string = auth.secret) => ({
    'ms-signature': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
  });
  const text = '{"Id":"n1","Attempt":2,"Notifications":[]}';

  it('takes what is signed, in either case of its digits, and tells id and attempt', () => {
    const delivery = { id: 'n1', attempt: 2, content: '' };
    expect(verifyInbound(auth, aCall({ text, headers: sign(text) }), NOW_MS)).toEqual({ delivery });
    const upper = { 'ms-signature': sign(text)['ms-signature'].toUpperCase() };
    expect(isProved(auth, aCall({ text, headers: upper }))).toBe(true);
  });
  it.each([
    ['another body', { text: `${text} `, headers: sign(text) }],
    ['another secret', { text, headers: sign(text, 'another secret, as long') }],
    ['no body, whose signature would be good anywhere', { text: '', headers: sign('') }],
    ['nothing', { text, headers: {} }],
  ])('refuses %s', (_name, change) => expect(isProved(auth, aCall(change))).toBe(false));
  it('takes a body that names no id', () => {
    for (const body of ['[]', 'null', '{"Id":7,"Attempt":1}', 'not JSON']) {
      expect(verifyInbound(auth, aCall({ text: body, headers: sign(body) }), NOW_MS)).toEqual({});
    }
  });
});

describe("Ticket Evolution's signature", () => {
  const auth = { mode: 'ticketEvolution', token: 'token', secret: 'secret' } as const;
  const sign = (text: string, changes: Record<string, string> = {}) => ({
    'x-token': 'token',
    'x-signature': createHmac('sha256', 'secret').update(text).digest('base64'),
    ...changes,
  });

  it('is over method, place and body', () => {
    const headers = sign('POST api.example.com/hooks/chn_1/holds?{"quantity":2}');
    expect(verifyInbound(auth, aCall({ headers }), NOW_MS)).toEqual({});
  });
  it('is over the sorted query where there is no body, and keeps the question mark without one', () => {
    const get = { method: 'GET', text: '' };
    const sorted = sign('GET api.example.com/hooks/chn_1/holds?a=1&b=2');
    expect(isProved(auth, aCall({ ...get, query: 'b=2&a=1', headers: sorted }))).toBe(true);
    const bare = sign('GET api.example.com/hooks/chn_1/holds?');
    expect(isProved(auth, aCall({ ...get, headers: bare }))).toBe(true);
  });
  const good = sign('POST api.example.com/hooks/chn_1/holds?{"quantity":2}');
  it.each([
    ['another method', { method: 'PUT', headers: good }],
    ['another host', { host: 'evil.example.com', headers: good }],
    ['another path', { path: '/hooks/chn_2/holds', headers: good }],
    ['another body', { text: '{"quantity":3}', headers: good }],
    ['another token', { headers: { ...good, 'x-token': 'other' } }],
    ['no token', { headers: { 'x-signature': good['x-signature'] } }],
  ])('refuses %s', (_name, change) => expect(isProved(auth, aCall(change))).toBe(false));
});

describe("Mercury's clients", () => {
  const auth = {
    mode: 'mercury',
    clientId: 'client',
    clientSecret: 'secret',
    brokerId: 7,
  } as const;
  const token = toMercuryToken(auth, NOW_MS);
  const show = (shown: string, identity = 'broker-id=7') =>
    aCall({ headers: { authorization: `Bearer ${shown}`, 'x-identity-context': identity } });

  it('show a token and the broker whose client they are', () => {
    expect(isProved(auth, show(token))).toBe(true);
    expect(isProved(auth, show(token, 'broker-id=7;user-id=9'))).toBe(true);
  });
  it('have their token for an hour', () => {
    expect(isProved(auth, show(token), NOW_MS + (TOKEN_SECONDS - 1) * 1_000)).toBe(true);
    expect(isProved(auth, show(token), NOW_MS + TOKEN_SECONDS * 1_000)).toBe(false);
  });
  it.each([
    ['another broker', show(token, 'broker-id=8')],
    ['no broker', show(token, '')],
    ['a website', show(token, 'website-config-id=7')],
    ["another client's token", show(toMercuryToken({ ...auth, clientId: 'x' }, NOW_MS))],
    ['a token of an older secret', show(toMercuryToken({ ...auth, clientSecret: 'x' }, NOW_MS))],
    ['a token with another end', show(`9${token}`)],
    ['no token', show('')],
  ])('refuses %s', (_name, call) => expect(isProved(auth, call)).toBe(false));
});

it('a channel for keys takes no other proof', () =>
  expect(isProved({ mode: 'key' }, aCall())).toBe(false));
