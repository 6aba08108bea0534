// The stored form of an organization. Apart from the other items, because the door doesn't read it and its bundle has to
// stay small.
import * as z from 'zod/mini';
import { FEE_MODES } from '../domain/orders/fees.ts';

const $Fees = z.object({
  flats: z.record(z.string(), z.object({ platformMinor: z.number(), cardMinor: z.number() })),
  platformBp: z.number(),
  cardBp: z.number(),
  internationalCardBp: z.number(),
  mode: z.enum(FEE_MODES),
  cardFeeRefundable: z.boolean(),
});

export const $OrganizationItem = z.object({
  kind: z.literal('organization'),
  organizationId: z.string(),
  name: z.string(),
  language: z.enum(['en', 'nl']),
  email: z.exactOptional(z.string()),
  fees: z.exactOptional($Fees),
  keepUnpaid: z.exactOptional(z.boolean()),
  secureSwap: z.object({ enabled: z.boolean(), capBasis: z.enum(['price', 'priceWithFees']) }),
  paymentInstructions: z.exactOptional(z.string()),
  stripe: z.exactOptional(z.object({ configured: z.literal(true) })),
  createdAt: z.string(),
  version: z.number(),
});
