// The token of an order's payment page: names the order and proves that we made it, so that nothing has to be stored
// and nobody can come upon another one.
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface PayIds {
  readonly organizationId: string;
  readonly orderId: number;
}

const TOKEN = /^([A-Za-z0-9_]{1,64})\.([1-9]\d{0,15})\.([A-Za-z0-9_-]{22})$/;
/** 128 bits can't be guessed, and keep the link short. */
const PROOF_BYTES = 16;
/** The organization's secret has other uses: each has a key of its own. */
const PURPOSE = 'swapgate payment page';

function toProof({ organizationId, orderId }: PayIds, secret: string): Buffer {
  const key = createHmac('sha256', secret).update(PURPOSE).digest();
  const digest = createHmac('sha256', key).update(`${organizationId}.${orderId}`).digest();
  return digest.subarray(0, PROOF_BYTES);
}

/** Under the organization's secret. */
export const toPayToken = (ids: PayIds, secret: string): string =>
  `${ids.organizationId}.${ids.orderId}.${toProof(ids, secret).toString('base64url')}`;

/** Which order a token names; whether it is ours, `isPayToken` says. */
export function parsePayToken(token: string): PayIds | undefined {
  const [, organizationId, digits] = TOKEN.exec(token) ?? [];
  const orderId = Number(digits);
  if (organizationId === undefined || !Number.isSafeInteger(orderId)) return undefined;
  return { organizationId, orderId };
}

/** In constant time. */
export function isPayToken(token: string, ids: PayIds, secret: string): boolean {
  const proof = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url');
  return proof.length === PROOF_BYTES && timingSafeEqual(proof, toProof(ids, secret));
}
