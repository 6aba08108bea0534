// GET /v1/events/{eventId}/reports/payments.
import * as z from 'zod';
import type { EventStore } from '../../../app/event-ports.ts';
import type { PaymentReportStore } from '../../../app/report-ports.ts';
import { LEDGER_KINDS } from '../../../domain/orders/order.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';
import { $Money } from '../organizers/bodies.ts';

interface Deps {
  readonly events: Pick<EventStore, 'find'>;
  readonly payments: PaymentReportStore;
}

const reportContract = {
  operationId: 'getPaymentReport',
  family: 'orders',
  scope: 'organizer',
  method: 'GET',
  path: '/v1/events/{eventId}/reports/payments',
  summary: 'What was paid, refunded, waived and left to the host, by payment type.',
  params: z.strictObject({ eventId: $ClientId }),
  success: 200,
  response: z.object({
    items: z.array(
      z.object({
        paymentType: z.string(),
        kind: z.enum(LEDGER_KINDS),
        amount: $Money.meta({ description: 'Card fees included.' }),
        cardFees: $Money,
      }),
    ),
    nextCursor: z.string().optional(),
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

const getPaymentReport = defineRoute(reportContract, async (deps: Deps, { actor, params }) => {
  const ids = { organizationId: actor.organizationId, eventId: params.eventId };
  const found = await deps.events.find(ids.organizationId, ids.eventId);
  if (found === undefined) return refuse('not_found');
  const { currency } = found.event;
  const sums = await deps.payments.load(ids);
  return ok({
    items: sums.map(({ paymentType, kind, amountMinor, cardFeeMinor }) => ({
      paymentType,
      kind,
      amount: { amountMinor, currency },
      cardFees: { amountMinor: cardFeeMinor, currency },
    })),
  });
});

export const reportRoutes = [getPaymentReport];
