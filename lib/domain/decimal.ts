// Amounts as decimals, for protocols that want them: exact, nothing is divided.
import { toCurrencyDigits } from './imports/price.ts';

/** `1500` in EUR is `15.00`, in JPY `1500`. */
export function toDecimal(amountMinor: number, currency: string): string {
  const digits = toCurrencyDigits(currency);
  if (digits === 0) return String(amountMinor);
  const minor = String(amountMinor).padStart(digits + 1, '0');
  return `${minor.slice(0, -digits)}.${minor.slice(-digits)}`;
}
