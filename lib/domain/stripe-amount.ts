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

/** The inverse, exact for every amount that Stripe can hold. */
export const fromStripeAmount = (amount: number, currency: string): number =>
  Math.round(amount * 10 ** (toCurrencyDigits(currency) - toStripeDigits(currency)));
