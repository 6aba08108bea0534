// The one table: its key attributes, its indexes and what they project. Read by the stores, by the CDK stack and by
// the tests that create a table, so that none of them can drift.

/** Attributes that form keys. Short, because each stands on every ticket and a ticket's item stays below 1 KB. */
export const KEY_ATTRIBUTES = {
  pk: 'S',
  sk: 'S',
  /** Hash key of `byId`: finds a thing by an id that is not its primary key. */
  g1: 'S',
  /** Hash key of `byList`: the lists of an event, an organization or a status. */
  g2: 'S',
  /** Hash key of `byOwner`: the tickets of an order, the orders of a contact, the holds of a listing. */
  g3: 'S',
  /** Hash key of `byDue`: what a schedule has to look at. */
  g4: 'S',
  /** Sort key of `byList` and `byOwner`: a time-ordered id. */
  srt: 'S',
  /** Sort key of `byDue`: milliseconds since 1970. */
  due: 'N',
} as const;

export type IndexName = 'byId' | 'byList' | 'byOwner' | 'byDue';

export interface IndexSchema {
  readonly hash: keyof typeof KEY_ATTRIBUTES;
  readonly range?: keyof typeof KEY_ATTRIBUTES;
  /** Attributes beside the keys. None of them is ever written by an admission, so a scan touches no index. */
  readonly include: readonly string[];
}

export const INDEXES: Readonly<Record<IndexName, IndexSchema>> = {
  byId: { hash: 'g1', include: [] },
  byList: { hash: 'g2', range: 'srt', include: ['std', 'typ', 'ori'] },
  byOwner: { hash: 'g3', range: 'srt', include: [] },
  byDue: { hash: 'g4', range: 'due', include: [] },
};

export const TTL_ATTRIBUTE = 'ttl';

/** Write calls that a transaction may hold (DynamoDB quota). */
export const TRANSACTION_ITEMS_MAX = 100;
