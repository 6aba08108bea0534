// One leg of a refund: asks the provider for it, and writes on the ledger what came of it. The provider gives money back
// once for a transaction id, however often it is asked, so whatever dies in between is simply done again.
import { sum } from '../../domain/money.ts';
import { type LedgerEntry, type Order, toAttemptName } from '../../domain/orders/order.ts';
import type { OrderStore } from '../order-ports.ts';
import type { OutboxMessageOf } from '../outbox-ports.ts';
import type { StripeGateway, StripeKeyStore } from '../payment-ports.ts';

export interface RunRefundDeps {
  readonly orders: Pick<OrderStore, 'load' | 'setEntryStatus'>;
  readonly stripe: Pick<StripeGateway, 'refund'>;
  readonly stripeKeys: StripeKeyStore;
}

/** Repeat-safe. Throws while it can't be told what became of it. */
export async function runRefund(
  deps: RunRefundDeps,
  message: Omit<OutboxMessageOf<'refund.run'>, 'type'>,
): Promise<void> {
  const { organizationId, orderId, transactionId } = message;
  const order = await deps.orders.load(organizationId, orderId);
  const refund = order && findEntry(order, transactionId);
  if (order === undefined || refund?.status !== 'PENDING') return;
  // A message of an attempt that is over.
  if (toAttemptName(refund) !== message.attempt) return;
  const to = (await ask(deps, order, { refund, attempt: message.attempt })) ? 'DONE' : 'FAILED';
  await deps.orders.setEntryStatus(order, transactionId, { from: ['PENDING'], to });
}

/** Whether the money is on its way back; false when the provider said no for good, or nobody can be asked. */
async function ask(
  { stripe, stripeKeys }: RunRefundDeps,
  order: Order,
  { refund, attempt }: { readonly refund: LedgerEntry; readonly attempt: string | undefined },
): Promise<boolean> {
  const payment = refund.of === undefined ? undefined : findEntry(order, refund.of);
  const keys = await stripeKeys.find(order.organizationId);
  if (payment?.providerPaymentId === undefined || keys === undefined) return false;
  const outcome = await stripe.refund(keys, {
    organizationId: order.organizationId,
    orderId: order.orderId,
    transactionId: refund.transactionId,
    ...(attempt === undefined ? {} : { attempt }),
    providerPaymentId: payment.providerPaymentId,
    amountMinor: refund.amountMinor,
    beforeMinor: toBefore(order, refund),
    currency: order.currency,
    withCancel: refund.withCancel === true,
  });
  return outcome === 'done';
}

/** By their places in the ledger, which never change: each attempt asks for the same. */
function toBefore({ ledger }: Order, refund: LedgerEntry): number {
  const earlier = ledger.slice(0, ledger.indexOf(refund));
  return sum(earlier.filter(({ of }) => of === refund.of).map(({ amountMinor }) => amountMinor));
}

const findEntry = ({ ledger }: Order, transactionId: string): LedgerEntry | undefined =>
  ledger.find((entry) => entry.transactionId === transactionId);
