// Taking a person out of the exports of events. A ticket's name has no address beside it, so nobody can tell from a file
// whose it is: all exports of the organization go, and can be asked for again.
import type { ContactIds } from './erasure-ports.ts';
import type { EventExportStore } from './export-ports.ts';
import { parseExportKey, toExportPrefix } from './exports/export-key.ts';
import type { ObjectStore } from './import-ports.ts';

export interface EraseExportsDeps {
  readonly exports: Pick<EventExportStore, 'forget'>;
  readonly objects: Pick<ObjectStore, 'list' | 'remove'>;
}

export async function eraseExports(
  { exports, objects }: EraseExportsDeps,
  { organizationId }: ContactIds,
): Promise<void> {
  for (const { key } of await objects.list(toExportPrefix(organizationId))) {
    const ids = parseExportKey(key);
    // First: nobody gets a link to a file that is gone.
    if (ids !== undefined) await exports.forget(ids);
    await objects.remove(key);
  }
}
