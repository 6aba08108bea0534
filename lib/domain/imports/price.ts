// Prices as organizers write them: a dot or a comma for the decimals, groups of thousands, a currency sign.

/** Digits after the decimal sign that a currency has (ISO 4217, from the runtime's own tables). */
export const toCurrencyDigits = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions()
    .maximumFractionDigits ?? 2;

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
  return Number.isSafeInteger(amountMinor) ? amountMinor : undefined;
}
