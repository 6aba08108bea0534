// TicketSwap's wire format (its secondary-ticketing protocol): names with underscores, prices as decimals.
import * as z from 'zod';
import type { ResaleView } from '../../../app/swaps/load-resale.ts';
import { toDecimal } from '../../../domain/money.ts';
import type { Event } from '../../../domain/event.ts';
import { toPdfToken } from '../../../domain/swaps/pdf-token.ts';
import { toResaleCode } from '../../../domain/swaps/resale.ts';
import type { Contract, ErrorBody } from '../../contract.ts';
import { $NumericId } from '../../schemas.ts';

/** What all contracts of the family share. */
export const TICKETSWAP = {
  family: 'ticketswap',
  scope: 'marketplace',
  marketplace: 'ticketswap',
} as const satisfies Pick<Contract, 'family' | 'scope' | 'marketplace'>;

/** Of calls about one barcode: `{barcode, valid, swappable, error}`. */
export const BARCODE_ERRORS: ErrorBody = { field: 'error', notFound: 'TICKET_NOT_FOUND' };

/** TicketSwap may send more about a person than is needed: it is neither read nor kept. */
export const $TicketId = z.object({ barcode: z.string().min(1) });

const $Dates = {
  date_start: z.string(),
  date_end: z.string(),
  date_only: z.boolean(),
};
export const $SwapEvent = z.object({
  id: z.string(),
  name: z.string(),
  ...$Dates,
  sealed_tickets_available_at: z.string().nullable(),
});
export const $SwapType = z.object({ id: $NumericId, name: z.string(), ...$Dates });

export const $Validation = z
  .object({
    id: $NumericId,
    barcode: z.string(),
    valid: z.boolean(),
    swappable: z.boolean(),
    error: z
      .enum([
        'TICKET_ALREADY_SWAPPED',
        'TICKET_ALREADY_SCANNED',
        'ORDER_CANCELLED',
        'RESELL_NOT_ALLOWED',
      ])
      .exactOptional(),
    scanned_at: z.string().nullable(),
    pdf: z.string().nullable(),
    personalization_required: z.boolean(),
    event: $SwapEvent,
    type: $SwapType.extend({
      price: z.string(),
      service_fee: z.string(),
      currency: z.string(),
    }),
  })
  .meta({ id: 'TicketSwapValidation' });

/** Of a swap and a personalization: the ticket as its new holder has it. */
export const $SwapAnswer = z
  .object({
    id: $NumericId,
    barcode: z.string(),
    pdf: z.string().nullable(),
    personalization_required: z.boolean(),
  })
  .meta({ id: 'TicketSwapTicket' });

export const toSwapAnswer = (view: ResaleView, more: Parameters<typeof toPdfUrl>[1]) => ({
  id: view.ticket.eventTicketId,
  barcode: view.ticket.barcode,
  pdf: toPdfUrl(view, more),
  personalization_required: view.isPersonalizationPending,
});

export const toDates = ({ startsAt, endsAt }: Pick<Event, 'startsAt' | 'endsAt'>) => ({
  date_start: startsAt,
  date_end: endsAt,
  date_only: false,
});

export const toSwapEvent = (event: Event) => ({
  id: event.eventId,
  name: event.name,
  ...toDates(event),
  sealed_tickets_available_at: null,
});

export function toValidation(view: ResaleView, pdf: string | null) {
  const { ticket, event, type, price, resale } = view;
  const { bar, ...flags } = resale;
  const scannedAtMs = ticket.admittedElsewhereMs ?? ticket.lastAdmission?.atMs;
  return {
    id: ticket.eventTicketId,
    barcode: ticket.barcode,
    ...flags,
    ...(bar === undefined ? {} : { error: toErrorName(bar) }),
    scanned_at: bar === 'admitted' && scannedAtMs !== undefined ? toIso(scannedAtMs) : null,
    pdf,
    personalization_required: view.isPersonalizationPending,
    event: toSwapEvent(event),
    type: {
      id: type.ticketTypeId,
      name: type.name,
      ...toDates(event),
      price: toDecimal(price.priceMinor, event.currency),
      service_fee: toDecimal(price.feeMinor, event.currency),
      currency: event.currency,
    },
  };
}

type ErrorName = Exclude<z.output<typeof $Validation>['error'], undefined>;
const toErrorName = (bar: NonNullable<ResaleView['resale']['bar']>): ErrorName =>
  toResaleCode(bar).toUpperCase() as ErrorName;

const toIso = (atMs: number): string => new Date(atMs).toISOString();

/** Of a barcode that is good and of ours; an imported ticket's PDF is its seller's. */
export function toPdfUrl(
  { ticket, resale, isPersonalizationPending }: ResaleView,
  { secret, origin }: { readonly secret: string; readonly origin: string },
): string | null {
  if (!resale.valid || isPersonalizationPending || ticket.origin === 'IMPORTED') return null;
  return `${origin}/ticketswap/pdf/${toPdfToken(ticket, secret)}`;
}
