// Events, their ticket types and how many tickets there may be.

import type { PersonalizationField } from './swaps/personalization.ts';
import type { Symbology } from './symbology.ts';

export const REENTRY_POLICIES = ['never', 'afterExit', 'always'] as const;
export type Reentry = (typeof REENTRY_POLICIES)[number];

/** A gate's rule; what is absent doesn't restrict. Times are ISO 8601 with offset. */
export interface Gate {
  readonly gateId: string;
  readonly name: string;
  readonly ticketTypeIds?: readonly number[];
  readonly from?: string;
  readonly until?: string;
}

export interface EventSettings {
  readonly eventUrl: string;
  readonly name: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timezone: string;
  readonly currency: string;
  readonly country: string;
  readonly secureSwap: boolean;
  /** What the new holder of a resold ticket is asked; absent: nothing. */
  readonly personalizationFields?: readonly PersonalizationField[];
  readonly gates: readonly Gate[];
  readonly reentry: Reentry;
  /** How barcodes are drawn on tickets; absent: as QR codes. */
  readonly symbology?: Symbology;
}

export const toSymbology = ({ symbology = 'QR' }: EventSettings): Symbology => symbology;

export interface Event extends EventSettings {
  readonly organizationId: string;
  readonly eventId: string;
  readonly createdAt: string;
  readonly version: number;
}

export const TICKET_TYPE_KINDS = ['single', 'bundle'] as const;

export interface TicketTypeSettings {
  readonly name: string;
  readonly kind: (typeof TICKET_TYPE_KINDS)[number];
  readonly priceMinor: number;
}

export interface TicketType extends TicketTypeSettings {
  readonly organizationId: string;
  readonly eventId: string;
  readonly ticketTypeId: number;
  readonly createdAt: string;
  readonly version: number;
}

/** Types of one event: they are read together for the door, and a gate may name 100 (IN takes 100 operands). */
export const TICKET_TYPES_MAX = 100;
export const GATES_MAX = 50;

/** Tickets of an event or of one of its types. `reserved` is promised to imports that run right now. */
export interface Stock {
  readonly capacity?: number;
  readonly sold: number;
  readonly imported: number;
  readonly reserved: number;
}

export const EMPTY_STOCK: Stock = { sold: 0, imported: 0, reserved: 0 };

/** Tickets of an event, and of each of its types, that marketplaces hold at a moment. */
export interface HeldCounts {
  readonly event: number;
  readonly types: ReadonlyMap<number, number>;
}

/** Tickets that are left; undefined without a capacity, never negative. Reserved ones count as left until used. */
export const toAvailable = (stock: Stock): number | undefined =>
  stock.capacity === undefined
    ? undefined
    : Math.max(0, stock.capacity - stock.sold - stock.imported);
