// Notices in the canonical protocol, read again from the queue: what comes here has passed the route's schema, which
// tells the caller every fault.
import * as z from 'zod/mini';
import type { Notice, NoticeBuyer } from '../../domain/marketplaces/notice.ts';

const text = z.string();
const $Created = z.object({
  marketplaceOrderId: text,
  listingId: text,
  quantity: z.number(),
  seats: z.optional(z.array(text)),
  unitPrice: z.optional(z.object({ amountMinor: z.number(), currency: text })),
  buyer: z.optional(
    z.object({
      name: z.optional(text),
      firstName: z.optional(text),
      lastName: z.optional(text),
      email: z.optional(text),
      phone: z.optional(text),
    }),
  ),
  confirmBy: z.optional(text),
  holdRequestId: z.optional(text),
});
const $Placed = z.object({
  holdRequestId: text,
  listingId: text,
  quantity: z.number(),
  seats: z.optional(z.array(text)),
});
const $Canonical = z.discriminatedUnion('type', [
  z.object({ id: text, type: z.literal('sale.created'), data: $Created }),
  z.object({
    id: text,
    type: z.literal('sale.canceled'),
    data: z.object({ marketplaceOrderId: text }),
  }),
  z.object({ id: text, type: z.literal('hold.placed'), data: $Placed }),
  z.object({
    id: text,
    type: z.literal('hold.released'),
    data: z.object({ holdRequestId: text }),
  }),
]);
type Canonical = z.output<typeof $Canonical>;

/** Undefined when the text is none. */
export function parseCanonicalNotice(body: string): Notice | undefined {
  const { data: found } = $Canonical.safeParse(toJson(body));
  return found && toNotice(found);
}

function toJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function toNotice(found: Canonical): Notice {
  const noticeId = found.id;
  switch (found.type) {
    case 'sale.created':
      return toCreated(noticeId, found.data);
    case 'sale.canceled':
    case 'hold.released':
      return { noticeId, type: found.type, ...found.data } as Notice;
    case 'hold.placed': {
      const { seats, ...placed } = found.data;
      return { noticeId, type: found.type, ...placed, ...(seats === undefined ? {} : { seats }) };
    }
  }
}

function toCreated(
  noticeId: string,
  {
    marketplaceOrderId,
    listingId,
    quantity,
    seats,
    unitPrice,
    confirmBy,
    holdRequestId,
    ...data
  }: z.output<typeof $Created>,
): Notice {
  const buyer = data.buyer && toBuyer(data.buyer);
  return {
    noticeId,
    type: 'sale.created',
    marketplaceOrderId,
    listingId,
    quantity,
    ...(seats === undefined ? {} : { seats }),
    ...(unitPrice === undefined
      ? {}
      : { unitPriceMinor: unitPrice.amountMinor, currency: unitPrice.currency }),
    ...(buyer === undefined ? {} : { buyer }),
    ...(holdRequestId === undefined ? {} : { holdRequestId }),
    ...(confirmBy === undefined ? {} : { confirmByMs: Date.parse(confirmBy) }),
  };
}

function toBuyer({
  name,
  firstName,
  lastName,
  email,
  phone,
}: NonNullable<z.output<typeof $Created>['buyer']>): NoticeBuyer {
  return {
    name: name ?? [firstName, lastName].filter((part) => part !== undefined).join(' '),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
  };
}
