// What a payment within an exchange is worth for its ticket. A card's amount is the total with its fee, any other is
// the subtotal.
import { isCardPayment } from '../orders/payments.ts';
import { type Fees, fromCardTotal, toCardFee } from '../orders/fees.ts';
import { type Result, ok, refuse } from '../result.ts';
import type { ExchangePayment } from './exchange.ts';

export interface PaymentParts {
  readonly subtotalMinor: number;
  readonly cardFeeMinor: number;
}

/**
 * What is due when it is paid like this, and the fee of doing so.
 * @internal Exported for tests.
 */
export function toDueParts(
  payment: Pick<ExchangePayment, 'paymentType' | 'isInternational'>,
  { dueMinor, fees }: { readonly dueMinor: number; readonly fees: Fees },
): PaymentParts {
  const isCard = isCardPayment(payment.paymentType);
  return { subtotalMinor: dueMinor, cardFeeMinor: isCard ? toCardFee(dueMinor, fees, payment) : 0 };
}

/** Refuses what is more than is due, and a card's amount that doesn't reach beyond its fee. */
export function toPaymentParts(
  payment: ExchangePayment,
  due: { readonly dueMinor: number; readonly fees: Fees },
): Result<PaymentParts> {
  const all = toDueParts(payment, due);
  const allMinor = all.subtotalMinor + all.cardFeeMinor;
  if (payment.amountMinor > allMinor) return no('must be at most what is due');
  if (payment.amountMinor === allMinor) return ok(all);
  const subtotalMinor = isCardPayment(payment.paymentType)
    ? fromCardTotal(payment.amountMinor, due.fees, payment)
    : payment.amountMinor;
  if (subtotalMinor === 0) return no("must be more than the card's fee");
  return ok({ subtotalMinor, cardFeeMinor: payment.amountMinor - subtotalMinor });
}

const no = (detail: string) =>
  refuse('validation_failed', { errors: [{ pointer: '/paymentDetails/amount', detail }] });
