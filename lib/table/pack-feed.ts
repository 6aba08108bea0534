// Which tickets of an event changed, for the deltas of scan packs: barcodes in the order in which they were told, so that
// a reader who starts before all that may still be under way misses none.
import { randomUUID } from 'node:crypto';
import type { PackFeed } from '../app/door/attendance-ports.ts';
import { batchPut } from './batch-write.ts';
import { PACK_LANES, packFeedPartition, packFeedPosition } from './door-keys.ts';
import { TTL_ATTRIBUTE } from './schema.ts';
import type { TableAccess } from './table-access.ts';

/** A scanner that was away for longer loads the whole pack anew. */
export const PACK_FEED_KEPT_MS = 3 * 24 * 3_600_000;
/** Barcodes of one item: with usual ones it stays at a few write units. */
const BARCODES_MAX = 200;

export const createPackFeed = (access: TableAccess): PackFeed => ({
  async append(lane, changed, nowMs) {
    const items = changed.flatMap(({ ids, barcodes }) => {
      const pk = packFeedPartition(ids, toLane(lane));
      const parts = Array.from({ length: Math.ceil(barcodes.length / BARCODES_MAX) }, (_, part) =>
        barcodes.slice(part * BARCODES_MAX, (part + 1) * BARCODES_MAX),
      );
      return parts.map((part) => ({
        pk,
        sk: packFeedPosition(nowMs, randomUUID()),
        kind: 'packFeed',
        barcodes: part,
        [TTL_ATTRIBUTE]: Math.floor((nowMs + PACK_FEED_KEPT_MS) / 1_000),
      }));
    });
    await batchPut(access, items);
  },
});

const toLane = (lane: string): number =>
  [...lane].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % PACK_LANES, 0);
