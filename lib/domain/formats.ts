// How amounts, moments and numbers are written for people, in the language of the organization.
import { toCurrencyDigits } from './imports/price.ts';
import type { Organization } from './organization.ts';

type Language = Organization['language'];

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', nl: 'nl-NL' };

/** Exact: the decimal sign is put between the digits, nothing is divided. */
export function toMoneyText(amountMinor: number, currency: string, language: Language): string {
  const digits = toCurrencyDigits(currency);
  const minor = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const decimalAt = minor.length - digits;
  const decimal = `${amountMinor < 0 ? '-' : ''}${minor.slice(0, decimalAt)}.${minor.slice(decimalAt)}`;
  const style = { style: 'currency', currency, minimumFractionDigits: digits } as const;
  return new Intl.NumberFormat(LOCALES[language], {
    ...style,
    maximumFractionDigits: digits,
  }).format(decimal as Intl.StringNumericLiteral);
}

/** Date and time on the clocks of the event's place, with the zone's name, because readers may be elsewhere. */
export function toMomentText(iso: string, timezone: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: timezone,
  }).format(new Date(iso));
}

export const toCountText = (count: number, language: Language): string =>
  new Intl.NumberFormat(LOCALES[language]).format(count);
