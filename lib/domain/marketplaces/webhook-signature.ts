// Signing and checking by Standard Webhooks 1.0.0 (https://github.com/standard-webhooks/standard-webhooks), with the time
// given from outside and several secrets at once.
import { createHmac } from 'node:crypto';
import { isSameText } from './same-text.ts';

/** Product.md section 2. */
const TOLERANCE_SECONDS = 300;

const SECRET = /^whsec_([A-Za-z0-9+/]{32,86}={0,2})$/;

/** `whsec_` and the base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  const { length } = Buffer.from(SECRET.exec(text)?.[1] ?? '', 'base64');
  return length >= 24 && length <= 64;
}

export interface WebhookHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** It becomes a key, and keys have a length. */
export const isDeliveryId = (text: string): boolean => /^[\x21-\x7e]{1,200}$/.test(text);

interface SignedText {
  readonly id: string;
  /** Seconds since 1970, as the header has them. */
  readonly timestamp: string;
  readonly text: string;
}

export function signWebhook(
  { id, text, nowMs }: { readonly id: string; readonly text: string; readonly nowMs: number },
  secret: string,
): WebhookHeaders {
  const timestamp = String(Math.floor(nowMs / 1_000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': toSignature({ id, timestamp, text }, secret),
  };
}

/** Answers id and time of what was signed by one of the secrets and is fresh. */
export function verifyWebhook(
  {
    headers,
    text,
    nowMs,
  }: {
    readonly headers: Readonly<Record<string, string | undefined>>;
    readonly text: string;
    readonly nowMs: number;
  },
  secrets: readonly string[],
): { readonly id: string; readonly atSeconds: number } | undefined {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (!isDeliveryId(id) || !/^[0-9]{1,12}$/.test(timestamp)) return undefined;
  const atSeconds = Number(timestamp);
  if (Math.abs(nowMs / 1_000 - atSeconds) > TOLERANCE_SECONDS) return undefined;
  const given = (headers['webhook-signature'] ?? '').split(' ');
  const own = secrets.map((secret) => toSignature({ id, timestamp, text }, secret));
  // All pairs, whatever is found before: the time tells nothing.
  const hits = own.flatMap((one) => given.filter((other) => isSameText(one, other)));
  return hits.length > 0 ? { id, atSeconds } : undefined;
}

const toSignature = ({ id, timestamp, text }: SignedText, secret: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${id}.${timestamp}.${text}`)
    .digest('base64')}`;
