// Parts that the door's contracts share.
import * as z from 'zod/mini';
import { ORIGINS } from '../../../domain/ticket.ts';

/** Room for a UUID (product.md section 5). */
const SCAN_ID_CHARACTERS_MAX = 36;
export const $ScanId = z
  .string()
  .check(
    z.regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters'),
    z.maxLength(SCAN_ID_CHARACTERS_MAX),
  );

/** More than any reader sends; what is longer than a barcode is answered MALFORMED and not refused. */
const SCANNED_CHARACTERS_MAX = 4096;
export const $ScannedText = z.string().check(z.maxLength(SCANNED_CHARACTERS_MAX));

export const $TicketDetails = z.strictObject({
  eventTicketId: z.int(),
  ticketTypeId: z.int(),
  ticketTypeName: z.string(),
  holderName: z.string(),
  origin: z.enum(ORIGINS),
});

export const $OtherScan = z.strictObject({
  at: z.string(),
  deviceId: z.string(),
  gateId: z.optional(z.string()),
});
