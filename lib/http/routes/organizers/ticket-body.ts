// A ticket as the organizer sees it.
import * as z from 'zod';
import { ORIGINS, TICKET_STATUSES, type Ticket, toTicketStatus } from '../../../domain/ticket.ts';
import { $NumericId } from '../../schemas.ts';
import { $Money } from './bodies.ts';

export const $Ticket = z
  .object({
    eventTicketId: $NumericId,
    eventId: z.string(),
    orderId: z.exactOptional($NumericId),
    ticketTypeId: $NumericId,
    barcode: z.string(),
    status: z.enum(TICKET_STATUSES),
    origin: z.enum(ORIGINS),
    holderName: z.string().exactOptional(),
    admissions: z.int(),
    inside: z.boolean(),
    importId: z.string().exactOptional(),
    importRow: z.int().exactOptional(),
    price: $Money.exactOptional(),
    section: z.string().exactOptional(),
    row: z.string().exactOptional(),
    seat: z.string().exactOptional(),
    note: z.string().exactOptional(),
    createdAt: z.string(),
  })
  .meta({ id: 'Ticket' });

export const toTicketBody = (ticket: Ticket, currency: string) => ({
  ...ticket,
  status: toTicketStatus(ticket),
  ...(ticket.priceMinor === undefined
    ? {}
    : { price: { amountMinor: ticket.priceMinor, currency } }),
  createdAt: new Date(ticket.createdAtMs).toISOString(),
});
