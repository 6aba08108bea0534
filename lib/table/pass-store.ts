// Keeps what a ticket's next scan overwrites, as the stream tells it; again it writes the same.
import type { PassStore } from '../app/door/attendance-ports.ts';
import { batchPut } from './batch-write.ts';
import { toPassItem } from './pass-item.ts';
import type { TableAccess } from './table-access.ts';

export const createPassStore = (access: TableAccess): PassStore => ({
  async keep(passes, nowMs) {
    const items = passes.map(({ pass, ...ids }) => toPassItem(ids, pass, nowMs));
    await batchPut(access, [
      ...new Map(items.map((item) => [`${item.pk} ${item.sk}`, item])).values(),
    ]);
  },
});
