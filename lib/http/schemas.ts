// Schemas that several contracts share.
import * as z from 'zod/mini';

/** Client-made ids: short enough for the ticket's item, and safe in a path and in a key. */
export const $ClientId = z
  .string()
  .check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/, 'must be 1 to 40 letters, digits, - or _'));

/** A numeric id in a path: a positive integer below 2^53, as text. */
export const $NumericIdText = z.pipe(
  z.string().check(z.regex(/^[1-9][0-9]{0,15}$/, 'must be a positive integer')),
  z.transform(Number),
);
export const $NumericId = z.int().check(z.positive());

/** Longest page; a page of tickets is read in one BatchGetItem (100 items is DynamoDB's limit). */
export const PAGE_SIZE_MAX = 100;

export const $PageQuery = z.strictObject({
  cursor: z.optional(z.string().check(z.minLength(1), z.maxLength(500))),
  limit: z.optional(
    z.pipe(
      z.string().check(z.regex(/^[1-9][0-9]{0,2}$/, 'must be a number from 1 to 100')),
      z.transform((text) => Math.min(Number(text), PAGE_SIZE_MAX)),
    ),
  ),
});

/** Nanoseconds and an offset; a fraction may have as many digits as it likes otherwise. */
const DATE_TIME_CHARACTERS_MAX = 35;
/** A moment: ISO 8601 with seconds and an offset or Z. */
export const $DateTime = z.iso
  .datetime({ offset: true, error: 'must be a date-time such as 2026-11-23T20:00:00+01:00' })
  .check(z.maxLength(DATE_TIME_CHARACTERS_MAX));
