// Access tokens as Mercury's clients get them for their credentials: an end and a proof under the client's secret, so
// that nothing is stored and another secret ends all of them.
import { createHmac } from 'node:crypto';
import { isSameText } from './same-text.ts';

interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** As long as those that were seen of Mercury (reference A2). */
export const TOKEN_SECONDS = 3_600;

export function toMercuryToken(credentials: Credentials, nowMs: number): string {
  const endsAt = Math.floor(nowMs / 1_000) + TOKEN_SECONDS;
  return `${endsAt}.${prove(credentials, endsAt)}`;
}

export function isMercuryToken(token: string, credentials: Credentials, nowMs: number): boolean {
  const [, endsAt, proof] = /^([0-9]{1,12})\.([A-Za-z0-9_-]{43})$/.exec(token) ?? [];
  if (endsAt === undefined || proof === undefined) return false;
  return isSameText(proof, prove(credentials, Number(endsAt))) && Number(endsAt) * 1_000 > nowMs;
}

const prove = ({ clientId, clientSecret }: Credentials, endsAt: number): string =>
  createHmac('sha256', clientSecret).update(`${clientId} ${endsAt}`).digest('base64url');
