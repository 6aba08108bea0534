// The exchange's wire format: the payload is seed 002's, amounts are decimals in the order's currency.
import * as z from 'zod';
import { EXCHANGE_CASES, EXCHANGE_MAILS } from '../../../domain/exchanges/exchange.ts';
import type { OrderSums, Pricing, Quote } from '../../../domain/exchanges/quote.ts';
import { toDecimal } from '../../../domain/money.ts';
import { LEDGER_KINDS, ORDER_STATUSES } from '../../../domain/orders/order.ts';
import { $NumericId } from '../../schemas.ts';
import { $PaymentType } from '../orders/orders.ts';

/** The host's own words; longer ones belong elsewhere. */
const NOTE_CHARACTERS_MAX = 500;
const REFERENCE_CHARACTERS_MAX = 200;
/** Browsers take no longer address. */
const LINK_CHARACTERS_MAX = 2_000;
/** Digits of a decimal that is sent as a text. */
const DECIMAL_CHARACTERS_MAX = 20;

const $Reference = z.string().max(REFERENCE_CHARACTERS_MAX).nullish();

const $PaymentDetails = z
  .object({
    paymentType: z
      .union([$PaymentType, z.literal('')])
      .nullish()
      .meta({ description: 'With CARD the amount is the total, card fee included.' }),
    amount: z
      .union([z.number().min(0), z.string().max(DECIMAL_CHARACTERS_MAX)])
      .nullish()
      .meta({ description: "A decimal in the order's currency; 0 or absent: no payment." }),
    note: z.string().max(NOTE_CHARACTERS_MAX).nullish(),
    transactionId: $Reference.meta({ description: "The host's own reference, kept as it is." }),
    tokenOrIntentId: $Reference,
    paymentDate: $Reference,
    createdBy: z.int().min(0).nullish(),
    documentLink: z.string().max(LINK_CHARACTERS_MAX).nullish(),
    refundWithCancel: z.boolean().nullish(),
    internationalPayment: z.boolean().nullish(),
  })
  .meta({ id: 'PaymentDetails' });

/** Not strict: clients of the seed's product may send more than its documentation names. */
export const $ExchangePayload = z
  .object({
    eventTicketId: $NumericId,
    newTicketTypeId: $NumericId,
    sentMailToAttendee: z.boolean().nullish(),
    orderId: z.int().min(0).nullish(),
    paymentDetails: $PaymentDetails.nullish(),
  })
  .meta({ id: 'ExchangePayload' });

const $Decimal = z.number();

const $Pricing = z
  .object({
    ticketTypeId: $NumericId,
    name: z.string(),
    price: $Decimal,
    flatFee: $Decimal,
    percentageFee: $Decimal,
    subtotal: $Decimal,
  })
  .meta({ id: 'ExchangePricing' });

const $OrderSums = z
  .object({
    status: z.enum(ORDER_STATUSES),
    total: $Decimal,
    paid: $Decimal,
    balance: $Decimal,
    cardFees: $Decimal,
  })
  .meta({ id: 'ExchangeOrderSums' });

export const $Quote = z
  .object({
    quoteId: z.string(),
    orderId: $NumericId,
    eventTicketId: $NumericId,
    currency: z.string(),
    case: z.enum(EXCHANGE_CASES),
    from: $Pricing,
    to: $Pricing,
    paid: $Decimal.meta({ description: 'Paid or waived for this ticket so far.' }),
    transactions: z.array(
      z.object({
        kind: z.enum(LEDGER_KINDS),
        paymentType: z.string(),
        amount: $Decimal,
        subtotal: $Decimal,
        cardFee: $Decimal,
        of: z.string().exactOptional(),
      }),
    ),
    pays: $Decimal,
    refunds: $Decimal,
    waives: $Decimal,
    hostSettles: $Decimal,
    due: $Decimal.meta({ description: 'Still due for this ticket afterwards.' }),
    dueByCard: $Decimal.meta({ description: 'The same when it is paid by card.' }),
    order: z.object({ before: $OrderSums, after: $OrderSums }),
    ticket: z.object({ status: z.literal('REGISTERED'), reentryGranted: z.boolean() }),
    mails: z.array(z.enum(EXCHANGE_MAILS)),
  })
  .meta({ id: 'ExchangeQuote' });

export function toQuoteBody(quote: Quote): z.output<typeof $Quote> {
  const { orderId, eventTicketId, currency, quoteId } = quote;
  const toAmount = (amountMinor: number): number => Number(toDecimal(amountMinor, currency));
  return {
    quoteId,
    orderId,
    eventTicketId,
    currency,
    case: quote.exchangeCase,
    from: toPricingBody(quote.from, toAmount),
    to: toPricingBody(quote.to, toAmount),
    paid: toAmount(quote.paidMinor),
    transactions: quote.transactions.map(({ kind, paymentType, of, ...amounts }) => ({
      kind,
      paymentType,
      amount: toAmount(amounts.amountMinor),
      subtotal: toAmount(amounts.subtotalMinor),
      cardFee: toAmount(amounts.cardFeeMinor),
      ...(of === undefined ? {} : { of }),
    })),
    pays: toAmount(quote.payMinor),
    refunds: toAmount(quote.refundMinor),
    waives: toAmount(quote.waivedMinor),
    hostSettles: toAmount(quote.hostSettlesMinor),
    due: toAmount(quote.dueMinor),
    dueByCard: toAmount(quote.dueMinor + quote.dueCardFeeMinor),
    order: {
      before: toSumsBody(quote.order.before, toAmount),
      after: toSumsBody(quote.order.after, toAmount),
    },
    ticket: {
      status: 'REGISTERED',
      reentryGranted: quote.reentryGranted,
    },
    mails: [...quote.mails],
  };
}

type ToAmount = (amountMinor: number) => number;

const toPricingBody = (pricing: Pricing, toAmount: ToAmount) => ({
  ticketTypeId: pricing.ticketTypeId,
  name: pricing.name,
  price: toAmount(pricing.priceMinor),
  flatFee: toAmount(pricing.flatFeeMinor),
  percentageFee: toAmount(pricing.percentageFeeMinor),
  subtotal: toAmount(pricing.subtotalMinor),
});

const toSumsBody = (sums: OrderSums, toAmount: ToAmount) => ({
  status: sums.status,
  total: toAmount(sums.totalMinor),
  paid: toAmount(sums.paidMinor),
  balance: toAmount(sums.balanceMinor),
  cardFees: toAmount(sums.cardFeesMinor),
});
