// Looking at what marketplaces think, as the use cases see it: when it is due, how far it came, and what was found.
import * as z from 'zod/mini';
import { MARKETPLACES } from '../domain/access.ts';
import type { Difference } from '../domain/marketplaces/difference.ts';
import type { Page, PageRequest } from './event-ports.ts';
import type { ChannelIds } from './native-ports.ts';

export const $ReconcileMessage = z.object({
  type: z.literal('channel.reconcile'),
  organizationId: z.string(),
  marketplace: z.enum(MARKETPLACES),
});
export type ReconcileMessage = Readonly<z.output<typeof $ReconcileMessage>>;

export interface ReconcileQueue {
  readonly send: (messages: readonly ReconcileMessage[]) => Promise<void>;
}

/** How far the last look came. */
export interface Progress {
  /** Of the marketplace's open sales. */
  readonly page: number;
  /** Of ours, behind this sale. */
  readonly afterSaleId?: string;
}

/** Exists for each channel that makes native calls, from its settings on. */
export interface ReconcileStore {
  readonly listDue: (nowMs: number, limit: number) => Promise<readonly ChannelIds[]>;
  /** Keeps what was queued just now from being queued again soon. */
  readonly postpone: (ids: ChannelIds, dueMs: number) => Promise<void>;
  readonly load: (ids: ChannelIds) => Promise<Progress | undefined>;
  readonly keep: (ids: ChannelIds, progress: Progress, dueMs: number) => Promise<void>;
}

export interface DifferenceStore {
  /** The same one found again is counted. Gone 30 days after it was seen last. */
  readonly note: (
    ids: ChannelIds,
    found: Pick<Difference, 'marketplaceOrderId' | 'here' | 'there'>,
    nowMs: number,
  ) => Promise<void>;
  /** By the marketplace's order ids. */
  readonly list: (ids: ChannelIds, page: PageRequest) => Promise<Page<Difference>>;
}
