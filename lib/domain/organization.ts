// An organization: the tenant to which everything belongs.

import type { FeeSchedule } from './orders/fees.ts';

export const LANGUAGES = ['en', 'nl'] as const;
export const CAP_BASES = ['price', 'priceWithFees'] as const;

export interface Organization {
  readonly organizationId: string;
  readonly name: string;
  readonly language: (typeof LANGUAGES)[number];
  /** Where answers to its mails go, and what is told to itself. */
  readonly email?: string;
  readonly secureSwap: { readonly enabled: boolean; readonly capBasis: (typeof CAP_BASES)[number] };
  /** Absent: no fees. */
  readonly fees?: FeeSchedule;
  /** What the payment page says when it can't be paid there: plain text. */
  readonly paymentInstructions?: string;
  /** The organization has an account at Stripe; its keys are kept apart and never shown. */
  readonly stripe?: { readonly configured: true };
  /** An unpaid ticket that is exchanged for a cheaper one stays unpaid; absent: it is marked as paid. */
  readonly keepUnpaid?: boolean;
  readonly createdAt: string;
  readonly version: number;
}
