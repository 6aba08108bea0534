// What the routes at a channel's address share.
import * as z from 'zod';
import type { HoldStore } from '../../../app/marketplace-ports.ts';
import { type Actor, type Marketplace, MARKETPLACES } from '../../../domain/access.ts';
import { present } from '../../../domain/assert.ts';
import { toDecimal } from '../../../domain/money.ts';
import { type Result, ok, refuse } from '../../../domain/result.ts';
import type { Contract } from '../../contract.ts';

/** Each request has an id of the marketplace's, so a repeat needs no other. */
export const HOOKS = {
  family: 'hooks',
  scope: 'channel',
  idempotency: 'own',
} as const satisfies Partial<Contract>;

/** What has not this form is no channel. */
export const CHANNEL_ID = /^chn_[0-9A-Z]{26}$/;
export const $Channel = { channelId: z.string() };
export const $Seat = z.object({
  section: z.string().exactOptional(),
  row: z.string().exactOptional(),
  seat: z.string().exactOptional(),
});

export interface HoldDeps {
  readonly holds: Pick<HoldStore, 'find' | 'extend' | 'resolve' | 'releaseAhead'>;
}

interface Asking {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly nowMs: number;
}

/** Whose call it is. Refuses `not_found` when the path is in the format of another marketplace than the channel's. */
export function toAsking(
  { organizationId, marketplace: own }: Actor,
  nowMs: number,
  spoken: readonly Marketplace[] = MARKETPLACES,
): Result<Asking> {
  const marketplace = present(own, 'a channel has a marketplace');
  return spoken.includes(marketplace)
    ? ok({ organizationId, marketplace, nowMs })
    : refuse('not_found');
}

/** As formats with decimals have it; a double holds every price exactly enough to be read as the same decimal. */
export const toNumber = ({
  unitPriceMinor,
  currency,
}: {
  readonly unitPriceMinor: number;
  readonly currency: string;
}): number => Number(toDecimal(unitPriceMinor, currency));

/** Without ids and types of ours. */
export const toSeat = ({
  section,
  row,
  seat,
}: {
  readonly section?: string;
  readonly row?: string;
  readonly seat?: string;
}) => ({
  ...(section === undefined ? {} : { section }),
  ...(row === undefined ? {} : { row }),
  ...(seat === undefined ? {} : { seat }),
});
