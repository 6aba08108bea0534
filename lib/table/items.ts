// The stored form of everything that isn't on the door path: one schema per kind, parsed on the way out of the table
// as well, so that an item which an older version wrote can't pass silently. In zod/mini, because the door reads keys
// and events too and its bundle has to stay small.
import * as z from 'zod/mini';
import { MARKETPLACES, SCOPES } from '../domain/access.ts';
import { FIELD_TYPES } from '../domain/swaps/personalization.ts';
import { REENTRY_POLICIES, TICKET_TYPE_KINDS } from '../domain/event.ts';
import { SYMBOLOGIES } from '../domain/symbology.ts';

const $Gate = z.object({
  gateId: z.string(),
  name: z.string(),
  ticketTypeIds: z.exactOptional(z.array(z.number())),
  from: z.exactOptional(z.string()),
  until: z.exactOptional(z.string()),
});

const $PersonalizationField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(FIELD_TYPES),
  helperText: z.exactOptional(z.string()),
  isRequired: z.boolean(),
  choices: z.exactOptional(z.array(z.string())),
});

export const $KeyItem = z.object({
  kind: z.literal('key'),
  organizationId: z.string(),
  keyId: z.string(),
  scope: z.enum(SCOPES),
  name: z.exactOptional(z.string()),
  marketplace: z.exactOptional(z.enum(MARKETPLACES)),
  eventIds: z.exactOptional(z.array(z.string())),
  gateId: z.exactOptional(z.string()),
  guesses: z.exactOptional(
    z.object({
      slowedUntilMs: z.exactOptional(z.number()),
      lockedUntilMs: z.exactOptional(z.number()),
    }),
  ),
  /** SHA-256 of the secret part, base64url. */
  secretHash: z.string(),
  createdAt: z.string(),
  revokedAt: z.exactOptional(z.string()),
});

export const $EventItem = z.object({
  kind: z.literal('event'),
  organizationId: z.string(),
  eventId: z.string(),
  eventUrl: z.string(),
  name: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  timezone: z.string(),
  currency: z.string(),
  country: z.string(),
  secureSwap: z.boolean(),
  personalizationFields: z.exactOptional(z.array($PersonalizationField)),
  symbology: z.exactOptional(z.enum(SYMBOLOGIES)),
  gates: z.array($Gate),
  reentry: z.enum(REENTRY_POLICIES),
  createdAt: z.string(),
  version: z.number(),
});

export const $TicketTypeItem = z.object({
  kind: z.literal('ticketType'),
  organizationId: z.string(),
  eventId: z.string(),
  ticketTypeId: z.number(),
  name: z.string(),
  ticketTypeKind: z.enum(TICKET_TYPE_KINDS),
  priceMinor: z.number(),
  createdAt: z.string(),
  version: z.number(),
});

export const $StockItem = z.object({
  kind: z.literal('stock'),
  capacity: z.exactOptional(z.number()),
  sold: z.number(),
  imported: z.number(),
  reserved: z.number(),
  importedMinor: z.exactOptional(z.number()),
});
