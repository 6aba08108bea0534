// Prices as organizers write them: a dot or a comma for the decimals, groups of thousands, a currency sign.

/** ISO 4217. The runtime's own tables follow usage instead: for them HUF and IQD have no decimals. */
const NO_DIGITS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const THREE_DIGITS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
const FOUR_DIGITS = 'CLF UYW'.split(' ');
const DIGITS: ReadonlyMap<string, number> = new Map([
  ...NO_DIGITS.map((currency) => [currency, 0] as const),
  ...THREE_DIGITS.map((currency) => [currency, 3] as const),
  ...FOUR_DIGITS.map((currency) => [currency, 4] as const),
]);

/** Digits after the decimal sign that a currency has. */
export const toCurrencyDigits = (currency: string): number => DIGITS.get(currency) ?? 2;

/**
 * What a ticket may cost in minor units. More is a code or an account number in the wrong column; the sums of an import
 * stay exact integers with 900,000 tickets of this price.
 */
const PRICE_MINOR_MAX = 10_000_000_000;

const GROUPED = /^\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*$/;

/** Minor units, or undefined when the text is no amount that the currency can hold exactly. */
export function parsePrice(text: string, digits: number): number | undefined {
  const bare = text
    .replace(/[\p{Sc}\u00a0\s]|^[A-Za-z]{3}(?=[\s\d])|(?<=[\s\d])[A-Za-z]{3}$/gu, '')
    .replace(/,-$/, '');
  if (!/^\d[\d.,']*$/.test(bare)) return undefined;
  const decimalAt = Math.max(bare.lastIndexOf('.'), bare.lastIndexOf(','));
  const isDecimal =
    decimalAt >= 0 && !(GROUPED.test(bare) && bare.length - decimalAt - 1 !== digits);
  const whole = isDecimal ? bare.slice(0, decimalAt) : bare;
  const fraction = isDecimal ? bare.slice(decimalAt + 1) : '';
  if (fraction.length > digits || !(/^\d+$/.test(whole) || GROUPED.test(whole))) return undefined;
  const amountMinor = Number(whole.replace(/\D/g, '') + fraction.padEnd(digits, '0'));
  return amountMinor <= PRICE_MINOR_MAX ? amountMinor : undefined;
}
