// TicketNetwork's webhooks (facts of 2026-11-23: its WebHook API names the ASP.NET library, whose body this is). What
// stands in a notification isn't public: `Action` and the fields beside it are names of ours, those of the canonical
// protocol.
import * as z from 'zod';
import type { SaleFormat } from '../app/sale-format-ports.ts';
import type { Notice } from '../domain/marketplaces/notice.ts';
import { given, parseJson } from './read-body.ts';

const id = z.union([z.string(), z.number()]).transform(String);
const quantity = z.int().positive();
const seats = z.array(z.string()).nullish();
const notification = z.discriminatedUnion('Action', [
  z.object({
    Action: z.literal('sale.created'),
    MarketplaceOrderId: id,
    ListingId: id,
    Quantity: quantity,
    Seats: seats,
    ConfirmBy: z.iso.datetime({ offset: true }).nullish(),
  }),
  z.object({ Action: z.literal('sale.canceled'), MarketplaceOrderId: id }),
  z.object({
    Action: z.literal('hold.placed'),
    HoldRequestId: id,
    ListingId: id,
    Quantity: quantity,
    Seats: seats,
  }),
  z.object({ Action: z.literal('hold.released'), HoldRequestId: id }),
]);
const other = z.object({
  Action: z.string().refine((action) => !/^(?:sale|hold)\./.test(action)),
});
const delivery = z.object({
  Id: z.string(),
  Notifications: z.array(z.union([notification, other])),
});

/** It has no calls that are public: what it is told goes by the canonical protocol. */
export const ticketnetwork: Pick<SaleFormat, 'parseDelivery'> = {
  parseDelivery(body) {
    const found = parseJson(delivery, body);
    return found?.Notifications.flatMap((one, at) => {
      const known = notification.safeParse(one).data;
      return known === undefined ? [] : [toNotice(`${found.Id} ${at}`, known)];
    });
  },
};

function toNotice(noticeId: string, told: z.output<typeof notification>): Notice {
  switch (told.Action) {
    case 'sale.created':
      return {
        noticeId,
        type: told.Action,
        marketplaceOrderId: told.MarketplaceOrderId,
        listingId: told.ListingId,
        quantity: told.Quantity,
        ...given('seats', told.Seats),
        ...given('confirmByMs', told.ConfirmBy ? Date.parse(told.ConfirmBy) : undefined),
      };
    case 'sale.canceled':
      return { noticeId, type: told.Action, marketplaceOrderId: told.MarketplaceOrderId };
    case 'hold.placed':
      return {
        noticeId,
        type: told.Action,
        holdRequestId: told.HoldRequestId,
        listingId: told.ListingId,
        quantity: told.Quantity,
        ...given('seats', told.Seats),
      };
    case 'hold.released':
      return { noticeId, type: told.Action, holdRequestId: told.HoldRequestId };
  }
}
