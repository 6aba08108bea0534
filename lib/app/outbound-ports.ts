// What is told to marketplaces, as the use cases see it: an address of theirs, and for each thing that a channel is told
// of a lane, in which one message goes after the other.
import * as z from 'zod/mini';
import { MARKETPLACES } from '../domain/access.ts';
import type { Channel } from '../domain/marketplaces/channel.ts';
import type { RejectReason } from '../domain/marketplaces/notice.ts';
import type { SaleToTell } from './sale-format-ports.ts';

export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type OutboundOutcome =
  | { readonly as: 'taken' }
  | { readonly as: 'failed'; readonly retryAfterMs?: number }
  /** For good: another try would be answered the same. */
  | { readonly as: 'refused' };

export interface OutboundHttp {
  /** What is wrong with an address before it is known where it leads; where it leads is checked at every call. */
  readonly findFault: (url: string) => string | undefined;
  /** Answers what became of it; a side that can't be reached is an outcome, too. */
  readonly post: (request: OutboundRequest) => Promise<OutboundOutcome>;
}

/** What a lane is about. Its messages are made from the thing itself at the moment of sending, so the newest is told. */
const SUBJECT_KINDS = ['listing', 'sale'] as const;
export const $LaneIds = z.object({
  organizationId: z.string(),
  marketplace: z.enum(MARKETPLACES),
  subject: z.object({ kind: z.enum(SUBJECT_KINDS), id: z.string() }),
});
export type LaneIds = Readonly<z.output<typeof $LaneIds>>;
export interface Lane {
  /** How often something was to be told, and how much of that is done. */
  readonly asked: number;
  readonly done: number;
  /** Number of the last message, what it said, and the number of the last one that was taken. */
  readonly lastSent: number;
  readonly digest?: string;
  readonly lastTaken: number;
  /** Attempts that failed since the last one that did not. */
  readonly failures: number;
  /** Somebody sends until then. */
  readonly claimedUntilMs?: number;
  readonly version: number;
}

export interface LaneClaim {
  readonly sequence: number;
  readonly digest: string;
  readonly untilMs: number;
}

/** What became of a claimed attempt. */
export type LaneEnd =
  | { readonly as: 'taken' }
  | { readonly as: 'failed'; readonly failures: number; readonly dueMs: number }
  /** Nothing is planned until something is asked for again. */
  | { readonly as: 'givenUp' }
  /** An attempt before its time: the next one stays when it was to be. */
  | { readonly as: 'early' };

export interface LaneStore {
  /** Something is to be told. With `onlyKnown` only in a lane that told something before; answers whether it is. */
  readonly ask: (
    ids: LaneIds,
    how: { readonly onlyKnown: boolean; readonly nowMs: number },
  ) => Promise<boolean>;
  readonly load: (ids: LaneIds) => Promise<Lane | undefined>;
  /** Undefined when the lane is no longer the one that was read. */
  readonly claim: (ids: LaneIds, lane: Lane, claim: LaneClaim) => Promise<Lane | undefined>;
  /**
   * `asked` is what the attempt was made for. `more`: something was asked for meanwhile, and is to be told at once. `lost`:
   * somebody else has taken the lane over.
   */
  readonly end: (ids: LaneIds, claimed: Lane, end: LaneEnd) => Promise<'idle' | 'more' | 'lost'>;
  readonly listDue: (nowMs: number, limit: number) => Promise<readonly LaneIds[]>;
  /** Keeps what was queued just now from being queued again soon. */
  readonly postpone: (ids: LaneIds, dueMs: number) => Promise<void>;
}

export interface OutboundMessage {
  readonly type: ToldNews['type'];
  readonly data: Readonly<Record<string, string | number>>;
}

export const $DeliverMessage = z.extend($LaneIds, {
  type: z.literal('outbound.deliver'),
  /** It is due by the plan, and counts as one of its attempts. */
  isScheduled: z.exactOptional(z.literal(true)),
});
export type DeliverMessage = Readonly<z.output<typeof $DeliverMessage>>;

export interface OutboundQueue {
  readonly send: (messages: readonly DeliverMessage[]) => Promise<void>;
  /** Every attempt failed: an operator is told, and can have it sent again. */
  readonly giveUp: (message: DeliverMessage) => Promise<void>;
}

/** What a marketplace is told, as far as its own calls need it. */
export type ToldNews =
  | { readonly type: 'listing.updated'; readonly listingId: string; readonly quantity: number }
  | { readonly type: 'sale.confirmed'; readonly sale: SaleToTell }
  | {
      readonly type: 'sale.rejected';
      readonly sale: SaleToTell;
      readonly reason: RejectReason;
    };

export interface NativeTeller {
  /** By the calls of the channel's marketplace. Undefined: it is told in the canonical protocol. */
  readonly tell: (channel: Channel, news: ToldNews) => Promise<OutboundOutcome | undefined>;
}
