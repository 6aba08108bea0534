// The rows of an uploaded file, from its first one on: the `sep=` line, the header and what stands above it are taken
// off.
import { present } from '../../domain/assert.ts';
import type { Import, Mapping, UploadedFile } from '../../domain/imports/import.ts';
import type { Csv, ObjectStore } from '../import-ports.ts';
import { toUploadKey } from './upload-key.ts';

export interface FileDeps {
  readonly objects: ObjectStore;
  readonly csv: Csv;
}

export interface FileRows {
  readonly header: readonly string[] | undefined;
  readonly rows: AsyncIterator<readonly string[]>;
}

/** The import's file, pinned to what was analyzed. */
export async function openFile(deps: FileDeps, opened: Import): Promise<FileRows> {
  const file = present(opened.file, 'an analyzed import has a file');
  const mapping = present(opened.mapping, 'an analyzed import has a mapping');
  const source = deps.objects.read({ key: toUploadKey(opened), ...file });
  return openRows(deps.csv.read(source, mapping), mapping, file);
}

export async function openRows(
  records: AsyncIterable<readonly string[]>,
  mapping: Pick<Mapping, 'header'>,
  file: Pick<UploadedFile, 'sepLine' | 'preamble'>,
): Promise<FileRows> {
  const rows = records[Symbol.asyncIterator]();
  if (file.sepLine) await rows.next();
  if (!mapping.header) return { header: undefined, rows };
  for (let above = file.preamble ?? 0; above > 0; above -= 1) await rows.next();
  const first = await rows.next();
  return { header: first.done ? [] : first.value, rows };
}

export async function skipRows(
  rows: FileRows['rows'],
  count: number,
  look: (cells: readonly string[], row: number) => void,
): Promise<void> {
  for (let skipped = 0; skipped < count; skipped += 1) {
    const next = await rows.next();
    if (next.done) return;
    look(next.value, skipped + 1);
  }
}

export async function countRows(rows: FileRows['rows']): Promise<number> {
  let count = 0;
  while (!(await rows.next()).done) count += 1;
  return count;
}
