// TicketSwap as a ticketing system sees it, written from its protocol alone (reference/marketplaces.md, section C): it
// knows no route, schema or code of ours, and takes no answer that the protocol doesn't have.
import * as z from 'zod';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}
/** Sends with the organiser's token, over whatever there is. */
export type Send = (
  method: 'GET' | 'POST' | 'DELETE',
  path: `/${string}`,
  body?: unknown,
) => Promise<Answer>;

export interface Customer {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly language?: string;
}

const $Id = z.union([z.string().min(1), z.int()]);
const $Dates = { date_start: z.string(), date_end: z.string(), date_only: z.boolean() };
/** The four that a known barcode may have; on `validate` they come with the whole body. */
const $Code = z.enum([
  'TICKET_ALREADY_SWAPPED',
  'TICKET_ALREADY_SCANNED',
  'ORDER_CANCELLED',
  'RESELL_NOT_ALLOWED',
]);
const $Validated = z.strictObject({
  id: $Id,
  barcode: z.string(),
  valid: z.boolean(),
  swappable: z.boolean(),
  error: $Code.optional(),
  scanned_at: z.string().nullable(),
  pdf: z.url().nullable(),
  personalization_required: z.boolean(),
  event: z.strictObject({
    id: $Id,
    name: z.string(),
    ...$Dates,
    sealed_tickets_available_at: z.string().nullable(),
  }),
  type: z.strictObject({
    id: $Id,
    name: z.string(),
    ...$Dates,
    price: z.string().regex(/^\d+\.\d\d$/),
    service_fee: z.string().regex(/^\d+\.\d\d$/),
    currency: z.string().length(3),
  }),
});
const $Swapped = z.strictObject({
  id: $Id,
  barcode: z.string(),
  pdf: z.url().nullable(),
  personalization_required: z.boolean(),
});
const $Refused = z.object({
  barcode: z.string(),
  valid: z.boolean(),
  swappable: z.literal(false),
  error: z.union([$Code, z.literal('TICKET_NOT_FOUND')]),
});
export type Swapped = z.infer<typeof $Swapped>;
export type Refused = z.infer<typeof $Refused>;

export function createTicketSwapClient(send: Send) {
  const expectStatus = ({ status }: Answer, wanted: number): void => {
    if (status !== wanted) throw new Error(`${status} and not ${wanted}`);
  };
  return {
    /** Throws for a barcode that isn't known. */
    async validate(barcode: string) {
      const answer = await send('GET', `/validate?barcode=${encodeURIComponent(barcode)}`);
      expectStatus(answer, 200);
      return $Validated.parse(answer.body);
    },

    async lock(ticketId: z.infer<typeof $Id>) {
      expectStatus(await send('POST', `/lock/${ticketId}`), 201);
    },
    async unlock(ticketId: z.infer<typeof $Id>) {
      expectStatus(await send('DELETE', `/lock/${ticketId}`), 204);
    },

    async swap(barcode: string, customer: Customer): Promise<Swapped | Refused> {
      const answer = await send('POST', '/swap', { ticket: { barcode }, customer });
      if (answer.status === 201) return $Swapped.parse(answer.body);
      const refused = $Refused.parse(answer.body);
      expectStatus(answer, refused.error === 'TICKET_NOT_FOUND' ? 404 : 400);
      return refused;
    },
  };
}
