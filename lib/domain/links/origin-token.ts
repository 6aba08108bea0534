// What a barcode export says of where a ticket comes from, in the column `swapgate-origin`: the organization, the ticket,
// and a proof for this very barcode that only this Swapgate can make. Nothing of it is secret or personal.
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Origin {
  readonly organizationId: string;
  readonly eventTicketId: number;
}
type OriginTicket = Origin & { readonly barcode: string };

const TOKEN =
  /^(?<organizationId>[A-Za-z0-9_]{1,40})\.(?<ticket>[1-9]\d{0,15})\.(?<proof>[\w-]{22})$/;
/** 128 bits can't be guessed. */
const PROOF_BYTES = 16;
/** The organization's secret, which no organizer knows, has other uses: each has a key of its own. */
const PURPOSE = 'swapgate origin';

function toProof({ organizationId, eventTicketId, barcode }: OriginTicket, secret: string): Buffer {
  const key = createHmac('sha256', secret).update(PURPOSE).digest();
  return createHmac('sha256', key)
    .update(`${organizationId}.${eventTicketId}.${barcode}`)
    .digest()
    .subarray(0, PROOF_BYTES);
}

/** Under the secret of the ticket's organization. */
export const toOriginToken = (ticket: OriginTicket, secret: string): string =>
  `${ticket.organizationId}.${ticket.eventTicketId}.${toProof(ticket, secret).toString('base64url')}`;

/** Which ticket a cell names; whether it is genuine, `isOriginToken` says. */
export function parseOriginToken(cell: string): Origin | undefined {
  const { organizationId, ticket } = TOKEN.exec(cell.trim())?.groups ?? {};
  const eventTicketId = Number(ticket);
  if (organizationId === undefined || !Number.isSafeInteger(eventTicketId)) return undefined;
  return { organizationId, eventTicketId };
}

/** In constant time. */
export function isOriginToken(cell: string, ticket: OriginTicket, secret: string): boolean {
  const token = cell.trim();
  const proof = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64url');
  return proof.length === PROOF_BYTES && timingSafeEqual(proof, toProof(ticket, secret));
}
