// Fields that the organizer's contracts share.
import * as z from 'zod';
import { isMailAddress } from '../../../domain/mails/mail-address.ts';

/** Control characters break mail headers, and half a surrogate pair can't be stored as UTF-8. */
const UNPRINTABLE = /\p{Cc}|\p{Surrogate}/u;
/** Names of things on screens and mails. */
export const $Name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((name) => !UNPRINTABLE.test(name), 'must be text without control characters');
/** One bare address that mail can be sent to. */
export const $Email = z
  .string()
  .trim()
  .max(320)
  .refine((address) => isMailAddress(address), 'must be an e-mail address')
  .meta({ examples: ['info@example.com'] });
/** ISO 4217 as this runtime knows it; fees and payments compute with its number of decimals. */
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
export const $Currency = z
  .string()
  .refine((code) => CURRENCIES.has(code), 'must be an ISO 4217 currency such as EUR')
  .meta({ examples: ['EUR'] });
const COUNTRIES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
export const $Country = z
  .string()
  .refine(
    (code) => /^[A-Z]{2}$/.test(code) && COUNTRIES.of(code) !== undefined,
    'must be an ISO 3166 country such as NL',
  )
  .meta({ examples: ['NL'] });
export const $Timezone = z
  .string()
  .refine(isTimezone, 'must be an IANA time zone such as Europe/Amsterdam')
  .meta({ examples: ['Europe/Amsterdam'] });

function isTimezone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Z]/.test(name);
  } catch {
    return false;
  }
}

/** Below 10^13 minor units every sum of an event stays an exact integer. */
const AMOUNT_MINOR_MAX = 10_000_000_000_000;
export const $Money = z.strictObject({
  amountMinor: z.int().min(0).max(AMOUNT_MINOR_MAX),
  currency: $Currency,
});
/** Ten million seats; null takes a limit away. */
export const $Capacity = z.int().min(0).max(10_000_000).nullable();
