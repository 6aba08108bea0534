// TicketNetwork Mercury's orders, as its clients call Mercury (reference A2): what is locked is bought, and read again.
import * as z from 'zod';
import { withoutAbsent } from '../../../app/change.ts';
import { findSold, type FindSoldDeps } from '../../../app/marketplaces/find-sold.ts';
import { type InvoiceDeps, invoiceHold } from '../../../app/marketplaces/invoice-hold.ts';
import { type LockDeps, toUse } from '../../../app/marketplaces/lock-tickets.ts';
import { toWireDigest } from '../../../domain/marketplaces/evidence.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $NumericId } from '../../schemas.ts';
import { $LockId, MERCURY, MERCURY_PATH, toMercury } from './mercury-bodies.ts';
import { $Channel } from './shared.ts';

const $Order = z
  .object({
    mercuryTransactionId: $NumericId,
    invoiceId: $NumericId,
    date: z.string(),
    ticketGroup: z.object({
      section: z.string(),
      row: z.string(),
      lowSeat: z.string(),
      highSeat: z.string(),
    }),
    quantity: z.int(),
  })
  .meta({ id: 'MercuryOrder' });

/** The transaction is called by our order: the number that Mercury itself would give it is not known here. */
function toOrder(sold: {
  readonly orderId: number;
  readonly tickets: readonly {
    readonly section?: string;
    readonly row?: string;
    readonly seat?: string;
  }[];
  readonly atMs: number;
}) {
  const { orderId, tickets, atMs } = sold;
  const [first, last] = [tickets[0], tickets.at(-1)];
  return {
    mercuryTransactionId: orderId,
    invoiceId: orderId,
    date: new Date(atMs).toISOString(),
    ticketGroup: {
      section: first?.section ?? '',
      row: first?.row ?? '',
      lowSeat: first?.seat ?? '',
      highSeat: last?.seat ?? '',
    },
    quantity: tickets.length,
  };
}

const orderContract = {
  ...MERCURY,
  operationId: 'mercuryOrder',
  method: 'POST',
  path: `${MERCURY_PATH}/orders`,
  summary: 'Buy what is locked.',
  params: z.object($Channel),
  body: z.object({
    lockRequestId: $LockId,
    buyRequestId: $LockId,
    recipient: z
      .object({
        name: z.string().trim().max(200).nullish(),
        email: z.string().trim().max(320).nullish(),
      })
      .nullish(),
  }),
  success: 201,
  response: $Order,
  refusals: [
    'not_found',
    'hold_expired',
    'hold_released',
    'already_invoiced',
    'not_available',
    'id_reused',
  ],
} as const satisfies Contract;

/** Its documents have 400 for this one. */
const NO_LOCK = { errors: [{ pointer: '/lockRequestId', detail: 'names no lock' }] };

const buy = defineRoute(orderContract, async (deps: LockDeps & InvoiceDeps, request) => {
  const { actor, params, body, nowMs, requestId } = request;
  const asking = toMercury(actor, nowMs);
  if (!asking.ok) return asking;
  const { lockRequestId: holdRequestId, buyRequestId, recipient } = body;
  const use = toUse({ ...params, requestId, id: `buy ${buyRequestId}` });
  if (!(await deps.deliveries.remember(use, nowMs))) return refuse('id_reused');
  const sold = await invoiceHold(deps, {
    ...asking.value,
    by: actor.keyId,
    payloadDigest: toWireDigest(request.text),
    holdRequestId,
    marketplaceOrderId: buyRequestId,
    buyer: withoutAbsent({
      lastName: recipient?.name ?? undefined,
      email: recipient?.email ?? undefined,
    }),
  });
  if (!sold.ok)
    return sold.refusal.code === 'not_found' ? refuse('validation_failed', NO_LOCK) : sold;
  return ok(toOrder({ ...sold.value, atMs: nowMs }));
});

const readContract = {
  ...MERCURY,
  operationId: 'mercuryReadOrder',
  method: 'GET',
  path: `${MERCURY_PATH}/orders/{orderId}`,
  summary: 'Read what was bought: by its mercuryTransactionId, or by the buyRequestId (ours).',
  params: z.object({ ...$Channel, orderId: $LockId }),
  success: 200,
  response: $Order,
  refusals: ['not_found'],
} as const satisfies Contract;

const read = defineRoute(readContract, async (deps: FindSoldDeps, { actor, params, nowMs }) => {
  const asking = toMercury(actor, nowMs);
  if (!asking.ok) return asking;
  const found = await findSold(deps, { ...asking.value, orderId: params.orderId });
  if (!found.ok) return found;
  const { order, tickets } = found.value;
  return ok(toOrder({ orderId: order.orderId, tickets, atMs: order.createdAtMs }));
});

export const mercuryOrderRoutes = [buy, read];
