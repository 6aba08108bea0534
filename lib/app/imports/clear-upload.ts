// Deletes an upload that no run and no report needs any more: the file is the organizer's, and full of people.
import type { ImportIds, ImportStatus } from '../../domain/imports/import.ts';
import type { ImportStore, ObjectStore } from '../import-ports.ts';
import { toUploadKey } from './upload-key.ts';

/** Analysis, start, and going on after `STOPPED_SOLD_OUT` read the file; the others don't. */
const NEEDS_NO_FILE: readonly ImportStatus[] = [
  'COMPLETED',
  'COMPLETED_WITH_REJECTS',
  'FAILED',
  'UNDONE',
  'UNDONE_PARTLY',
];

/** After every message about the import, so that a death between its end and this is made good by the repeat. */
export async function clearUpload(
  deps: { readonly imports: ImportStore; readonly objects: ObjectStore },
  ids: ImportIds,
): Promise<void> {
  const found = await deps.imports.find(ids);
  if (found === undefined || !NEEDS_NO_FILE.includes(found.status)) return;
  await deps.objects.remove(toUploadKey(ids));
}
