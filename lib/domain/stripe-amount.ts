// Amounts as Stripe counts them (https://docs.stripe.com/currencies): mostly in minor units like ours, with exceptions.
import { toCurrencyDigits } from './imports/price.ts';

const WHOLE = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
/** ISK and UGX have no decimals and are sent with two, for compatibility. */
const THREE_DIGITS = 'BHD JOD KWD OMR TND'.split(' ');

function toStripeDigits(currency: string): number {
  if (WHOLE.includes(currency)) return 0;
  return THREE_DIGITS.includes(currency) ? 3 : 2;
}

/** Three decimals are taken with a 0 at the end: such an amount is rounded to the nearest ten, by at most half a cent. */
export function toStripeAmount(amountMinor: number, currency: string): number {
  const digits = toStripeDigits(currency);
  if (digits === 3) return Math.round(amountMinor / 10) * 10;
  return Math.round(amountMinor * 10 ** (digits - toCurrencyDigits(currency)));
}

/**
 * What to ask for, of a charge of which so much was asked for before. The sums are rounded, not the parts: together the
 * refunds of a charge come to what it charged, and never to more.
 */
export const toStripeRefund = (
  { amountMinor, beforeMinor }: { readonly amountMinor: number; readonly beforeMinor: number },
  currency: string,
): number =>
  toStripeAmount(beforeMinor + amountMinor, currency) - toStripeAmount(beforeMinor, currency);

/** The inverse of `toStripeAmount`, exact for every amount that Stripe can hold. */
export const fromStripeAmount = (amount: number, currency: string): number =>
  Math.round(amount * 10 ** (toCurrencyDigits(currency) - toStripeDigits(currency)));
