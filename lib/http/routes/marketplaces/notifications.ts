// POST …/notifications: what a marketplace tells of sales, and of holds that bind nobody. Taken at once, worked off from a
// queue.
import * as z from 'zod';
import { takeNotice, type TakeNoticeDeps } from '../../../app/notices/take-notice.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $DateTime } from '../../schemas.ts';
import { $Email, $Money, $Name } from '../organizers/bodies.ts';
import { $MarketplaceParam, $OwnId, $Quantity } from './bodies.ts';
import { toCaller } from './caller.ts';

const PHONE_CHARACTERS_MAX = 40;
const SEAT_CHARACTERS_MAX = 40;

const $Buyer = z
  .object({
    name: $Name.optional(),
    firstName: $Name.optional(),
    lastName: $Name.optional(),
    email: $Email.optional(),
    phone: z.string().max(PHONE_CHARACTERS_MAX).optional(),
  })
  .refine(
    ({ name, firstName, lastName }) => (name ?? firstName ?? lastName) !== undefined,
    'must have a name',
  );

/** More fields than these may come: to refuse them would lose a sale. */
const $Known = {
  marketplaceOrderId: $OwnId.optional(),
  listingId: $OwnId.optional(),
  quantity: $Quantity.optional(),
  seats: z
    .array(z.string().min(1).max(SEAT_CHARACTERS_MAX))
    .optional()
    .meta({ description: 'As many as the quantity.' }),
  unitPrice: $Money.optional(),
  buyer: $Buyer.optional(),
  confirmBy: z.optional($DateTime),
  holdRequestId: $OwnId.optional(),
};
const hasAllSeats = {
  check: ({ seats, quantity }: { readonly seats?: unknown[] | undefined; quantity: number }) =>
    seats === undefined || seats.length === quantity,
  fault: { path: ['seats'], error: 'must be as many as the quantity' },
};

const $Notification = z.object({ id: $OwnId, occurredAt: z.optional($DateTime) }).and(
  z.discriminatedUnion('type', [
    z.object({
      type: z.literal('sale.created'),
      data: z
        .object({
          ...$Known,
          marketplaceOrderId: $OwnId,
          listingId: $OwnId,
          quantity: $Quantity,
        })
        .refine(hasAllSeats.check, hasAllSeats.fault),
    }),
    z.object({
      type: z.literal('sale.canceled'),
      data: z.object({ ...$Known, marketplaceOrderId: $OwnId }),
    }),
    z.object({
      type: z.literal('hold.placed'),
      data: z
        .object({ ...$Known, holdRequestId: $OwnId, listingId: $OwnId, quantity: $Quantity })
        .refine(hasAllSeats.check, hasAllSeats.fault),
    }),
    z.object({
      type: z.literal('hold.released'),
      data: z.object({ ...$Known, holdRequestId: $OwnId }),
    }),
  ]),
);

const contract = {
  family: 'marketplaces',
  scope: 'marketplace',
  operationId: 'notify',
  method: 'POST',
  path: '/v1/marketplaces/{marketplace}/notifications',
  summary: 'Tell of a sale or of a hold that binds nobody; the same again changes nothing.',
  params: z.strictObject({ marketplace: $MarketplaceParam }),
  body: $Notification,
  success: 202,
  response: z.object({ id: z.string(), status: z.literal('ACCEPTED') }),
  refusals: ['not_found'],
  idempotency: 'own',
  replays: 'harmless',
} as const satisfies Contract;

export const notify = defineRoute(contract, async (deps: TakeNoticeDeps, request) => {
  const { actor, params, body, text, nowMs } = request;
  const caller = toCaller(actor, params);
  if (!caller.ok) return caller;
  const { organizationId, marketplace } = caller.value;
  const taken = await takeNotice(deps, { organizationId, marketplace, text, nowMs }, 'canonical');
  return taken.ok ? ok({ id: body.id, status: 'ACCEPTED' as const }) : taken;
});
