// Whether a call to a channel's address is its marketplace's: one way for each mode but `key`, which is an API key.
import { createHmac } from 'node:crypto';
import type { InboundAuth } from './channel.ts';
import { isMercuryToken } from './mercury-token.ts';
import { isSameText } from './same-text.ts';
import { isDeliveryId, verifyWebhook } from './webhook-signature.ts';

export interface InboundCall {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  /** The body, byte for byte. */
  readonly text: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What tells a call from its repeat; schemes without an id or a time have none. */
export interface Delivery {
  readonly id: string;
  /** Grows with every honest retry. */
  readonly attempt: number;
  /** What stays the same in all of them, beside the address. */
  readonly content: string;
}

export type Proof = { readonly delivery?: Delivery };

/** Undefined: not proved. All comparisons take constant time. */
export function verifyInbound(
  auth: InboundAuth,
  call: InboundCall,
  nowMs: number,
): Proof | undefined {
  switch (auth.mode) {
    case 'key':
      return undefined;
    case 'standardWebhooks': {
      const proof = verifyWebhook({ ...call, nowMs }, auth.secrets);
      return proof && { delivery: { id: proof.id, attempt: proof.atSeconds, content: call.text } };
    }
    case 'authorization':
      return isSameText(call.headers['authorization'] ?? '', auth.value) ? {} : undefined;
    case 'bodyHmac':
      return verifyBody(auth.secret, call);
    case 'ticketEvolution':
      return verifyTicketEvolution(auth, call);
    case 'mercury':
      return verifyMercury(auth, call, nowMs);
  }
}

/**
 * `ms-signature: sha256=<hex>` over the body (reference A2: inferred from the library that TicketNetwork names). It says
 * nothing of the address, so a call without a body is never proved by it.
 */
function verifyBody(secret: string, { text, headers }: InboundCall): Proof | undefined {
  if (text === '') return undefined;
  const own = `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
  if (!isSameText(own, (headers['ms-signature'] ?? '').toLowerCase())) return undefined;
  const delivery = toDelivery(text);
  return delivery === undefined ? {} : { delivery };
}

/** The library's body names itself and its attempt, which is why no two attempts have the same. */
function toDelivery(text: string): Delivery | undefined {
  try {
    const body = JSON.parse(text) as { readonly Id?: unknown; readonly Attempt?: unknown } | null;
    return typeof body?.Id === 'string' && isDeliveryId(body.Id) && typeof body.Attempt === 'number'
      ? { id: body.Id, attempt: body.Attempt, content: '' }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Over method, host and path, and the body or the sorted query (reference A1c). It has neither time nor id. */
function verifyTicketEvolution(
  { token, secret }: Extract<InboundAuth, { mode: 'ticketEvolution' }>,
  { method, host, path, query, text, headers }: InboundCall,
): Proof | undefined {
  const parameters = new URLSearchParams(query);
  parameters.sort();
  const said = text === '' ? parameters.toString() : text;
  const own = createHmac('sha256', secret)
    .update(`${method} ${host}${path}?${said}`)
    .digest('base64');
  const isToken = isSameText(headers['x-token'] ?? '', token);
  return isSameText(headers['x-signature'] ?? '', own) && isToken ? {} : undefined;
}

/** `broker-id=7;user-id=9`; only the broker says whose tickets they are. */
const IDENTITY = /^broker-id=([0-9]{1,15})(?:;user-id=[0-9]{1,15})?$/;

function verifyMercury(
  auth: Extract<InboundAuth, { mode: 'mercury' }>,
  { headers }: InboundCall,
  nowMs: number,
): Proof | undefined {
  const token = /^Bearer +(\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
  const broker = IDENTITY.exec(headers['x-identity-context'] ?? '')?.[1];
  if (!isMercuryToken(token, auth, nowMs)) return undefined;
  return Number(broker) === auth.brokerId ? {} : undefined;
}
