// The address of a ticket's PDF: whoever has it may read the ticket, nobody can guess it, and it is void as soon as the
// ticket has another barcode.
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface PdfTicket {
  readonly organizationId: string;
  readonly eventTicketId: number;
  readonly barcode: string;
}

const TOKEN =
  /^(?<organizationId>[A-Za-z0-9_]{1,40})\.(?<ticket>[1-9]\d{0,15})\.(?<mac>[\w-]{43})$/;

/** Contact ids are hashes under the same secret; no address has a line break. */
const toMac = ({ organizationId, eventTicketId, barcode }: PdfTicket, secret: string): string =>
  createHmac('sha256', secret)
    .update(`ticket pdf\n${organizationId}\n${eventTicketId}\n${barcode}`)
    .digest('base64url');

export const toPdfToken = (ticket: PdfTicket, secret: string): string =>
  `${ticket.organizationId}.${ticket.eventTicketId}.${toMac(ticket, secret)}`;

/** Which ticket a token is about; whether it is genuine is told by `isPdfToken`. */
export function parsePdfToken(
  token: string,
): { readonly organizationId: string; readonly eventTicketId: number } | undefined {
  const { organizationId, ticket } = TOKEN.exec(token)?.groups ?? {};
  return organizationId === undefined || ticket === undefined
    ? undefined
    : { organizationId, eventTicketId: Number(ticket) };
}

export function isPdfToken(token: string, ticket: PdfTicket, secret: string): boolean {
  const expected = Buffer.from(toPdfToken(ticket, secret));
  const given = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
