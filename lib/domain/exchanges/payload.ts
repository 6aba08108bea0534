// What a client of seed 002's route sends, and what we make of it. Fields may be null, 0 or empty where they say
// nothing, as the seed's clients send all of them always; what says something must be right.
import { createHash } from 'node:crypto';
import { parseDecimal } from '../money.ts';
import { isKeptPaymentType } from '../orders/sale.ts';
import type { Fault } from '../refusals.ts';
import { type Result, ok, refuse } from '../result.ts';
import type { ExchangePayment, ExchangeWish } from './exchange.ts';

type Maybe<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

export type PaymentDetails = Maybe<{
  readonly paymentType: string;
  /** In the order's currency; 0 pays nothing. */
  readonly amount: number | string;
  readonly note: string;
  readonly transactionId: string;
  readonly tokenOrIntentId: string;
  readonly paymentDate: string;
  readonly createdBy: number;
  readonly documentLink: string;
  readonly refundWithCancel: boolean;
  readonly internationalPayment: boolean;
}>;

export interface ExchangePayload extends Maybe<{
  readonly sentMailToAttendee: boolean;
  readonly orderId: number;
  readonly paymentDetails: PaymentDetails;
}> {
  readonly eventTicketId: number;
  readonly newTicketTypeId: number;
}

/** Payment type of money for which none is named. */
const MANUAL_PAYMENT_TYPE = 'MANUAL';
/** 128 bits: two payloads for one ticket never meet by chance. */
const DIGEST_CHARACTERS = 22;

const orUndefined = <T>(value: T | '' | 0 | null | undefined): T | undefined =>
  value === '' || value === 0 || value === null ? undefined : value;

/** Without the fields that say nothing: a payload with them is the same payload. */
function toSaid(payload: ExchangePayload, currency: string) {
  const { amount, ...details } = payload.paymentDetails ?? {};
  const all = Object.entries({
    eventTicketId: payload.eventTicketId,
    newTicketTypeId: payload.newTicketTypeId,
    sentMailToAttendee: payload.sentMailToAttendee,
    ...details,
    amountMinor: parseDecimal(amount ?? 0, currency),
  });
  return all
    .filter(([, value]) => value !== false && orUndefined(value) !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** By which the same payload is known again. */
export const toPayloadDigest = (payload: ExchangePayload, currency: string): string =>
  createHash('sha256')
    .update(JSON.stringify(toSaid(payload, currency)))
    .digest('base64url')
    .slice(0, DIGEST_CHARACTERS);

/** Refuses `validation_failed` with all faults. */
export function toExchangeWish(
  payload: ExchangePayload,
  order: { readonly orderId: number; readonly currency: string },
): Result<ExchangeWish> {
  const faults: Fault[] = [];
  if ((orUndefined(payload.orderId) ?? order.orderId) !== order.orderId) {
    faults.push({ pointer: '/orderId', detail: 'must be the order of the path' });
  }
  const details = payload.paymentDetails ?? {};
  const payment = toPayment(details, order.currency, faults);
  if (faults.length > 0) return refuse('validation_failed', { errors: faults });
  const note = orUndefined(details.note);
  return ok({
    eventTicketId: payload.eventTicketId,
    newTicketTypeId: payload.newTicketTypeId,
    mailHolder: payload.sentMailToAttendee === true,
    refundWithCancel: details.refundWithCancel === true,
    ...(note === undefined ? {} : { note }),
    ...(payment === undefined ? {} : { payment }),
  });
}

function toPayment(
  details: PaymentDetails,
  currency: string,
  faults: Fault[],
): ExchangePayment | undefined {
  const amountMinor = parseDecimal(details.amount ?? 0, currency);
  if (amountMinor === undefined) {
    const detail = `must be an amount in ${currency}, with no more digits than it has`;
    faults.push({ pointer: '/paymentDetails/amount', detail });
  }
  if (amountMinor === undefined || amountMinor === 0) return undefined;
  const paymentType = orUndefined(details.paymentType) ?? MANUAL_PAYMENT_TYPE;
  if (isKeptPaymentType(paymentType)) {
    faults.push({ pointer: '/paymentDetails/paymentType', detail: 'is kept for something else' });
  }
  const reference = orUndefined(details.transactionId) ?? orUndefined(details.tokenOrIntentId);
  const paidOn = orUndefined(details.paymentDate);
  const documentLink = orUndefined(details.documentLink);
  const createdBy = orUndefined(details.createdBy);
  return {
    paymentType,
    amountMinor,
    isInternational: details.internationalPayment === true,
    ...(reference === undefined ? {} : { reference }),
    ...(paidOn === undefined ? {} : { paidOn }),
    ...(documentLink === undefined ? {} : { documentLink }),
    ...(createdBy === undefined ? {} : { createdBy }),
  };
}
