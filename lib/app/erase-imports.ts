// Taking a person out of the files of imports: previews, reports and uploads. Whole files go, rather than being written
// anew without the person; a report can be asked for again, and an upload sent again.
import pMap from 'p-map';
import { toContactId } from '../domain/contact.ts';
import { CsvFaultError, ObjectChangedError } from '../domain/imports/faults.ts';
import { type Import, isUnderWay } from '../domain/imports/import.ts';
import { findAddresses } from '../domain/imports/redact.ts';
import type { ContactStore } from './contact-ports.ts';
import type { ContactIds, ErasureStore } from './erasure-ports.ts';
import type { EventStore } from './event-ports.ts';
import type { Csv, CsvDialect, ImportStore, ObjectRef, ObjectStore } from './import-ports.ts';
import { toReportPrefix, toUploadKey } from './imports/upload-key.ts';

export interface EraseImportsDeps {
  readonly erasures: Pick<ErasureStore, 'eraseImport'>;
  readonly events: Pick<EventStore, 'list'>;
  readonly imports: Pick<ImportStore, 'list' | 'findAnalysis'>;
  readonly objects: Pick<ObjectStore, 'find' | 'list' | 'read' | 'remove'>;
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly csv: Pick<Csv, 'read'>;
}

const PAGE = 100;
/** Imports looked at together: each may be a file that is read from end to end. */
const PARALLEL = 4;
const REPORT_DIALECT: CsvDialect = { encoding: 'utf-8', delimiter: ',' };

/** `named` are imports that are known to have had the person; in the others its address is looked for. */
export async function eraseImports(
  deps: EraseImportsDeps,
  ids: ContactIds,
  named: ReadonlySet<string>,
): Promise<void> {
  const secret = await deps.contacts.loadSecret(ids.organizationId);
  const isIn = (cells: readonly string[]): boolean =>
    findAddresses(cells).some((address) => toContactId(address, secret) === ids.contactId);
  for await (const page of listImports(deps, ids.organizationId)) {
    await pMap(
      page,
      async (found) => {
        const reports = await deps.objects.list(toReportPrefix(found));
        const upload = await deps.objects.find(toUploadKey(found));
        const files = { reports, upload };
        if (named.has(found.importId) || (await isAnywhere(deps, found, { ...files, isIn }))) {
          await eraseFiles(deps, found, files);
        }
      },
      { concurrency: PARALLEL },
    );
  }
}

interface Files {
  readonly reports: readonly ObjectRef[];
  readonly upload: ObjectRef | undefined;
}

async function eraseFiles(
  deps: EraseImportsDeps,
  found: Import,
  { reports, upload }: Files,
): Promise<void> {
  await deps.erasures.eraseImport(found);
  for (const { key } of reports) await deps.objects.remove(key);
  // A run leaves out whoever was erased, and needs the file for everybody else.
  if (upload !== undefined && !isUnderWay(found.status)) await deps.objects.remove(upload.key);
}

type IsIn = (cells: readonly string[]) => boolean;

async function isAnywhere(
  deps: EraseImportsDeps,
  found: Import,
  { reports, upload, isIn }: Files & { readonly isIn: IsIn },
): Promise<boolean> {
  const analysis = await deps.imports.findAnalysis(found);
  if (analysis?.preview.some(isIn) === true) return true;
  for (const report of reports) {
    if (await isInFile(deps, report, REPORT_DIALECT, isIn)) return true;
  }
  const { mapping } = found;
  return upload !== undefined && mapping !== undefined && isInFile(deps, upload, mapping, isIn);
}

async function isInFile(
  { csv, objects }: EraseImportsDeps,
  object: ObjectRef,
  dialect: CsvDialect,
  isIn: IsIn,
): Promise<boolean> {
  try {
    for await (const cells of csv.read(objects.read(object), dialect)) {
      if (isIn(cells)) return true;
    }
    return false;
  } catch (error) {
    // Nobody can tell who is in a file that can't be read; one that is gone has nobody in it.
    if (error instanceof CsvFaultError) return true;
    if (error instanceof ObjectChangedError) return false;
    throw error;
  }
}

async function* listImports(
  deps: EraseImportsDeps,
  organizationId: string,
): AsyncGenerator<readonly Import[]> {
  for await (const events of toPages((after) =>
    deps.events.list(organizationId, { after, limit: PAGE }),
  )) {
    for (const { event } of events) {
      const ids = { organizationId, eventId: event.eventId };
      yield* toPages((after) => deps.imports.list(ids, { after, limit: PAGE }));
    }
  }
}

async function* toPages<T>(
  read: (
    after: string | undefined,
  ) => Promise<{ readonly items: readonly T[]; readonly next?: string }>,
): AsyncGenerator<readonly T[]> {
  let after: string | undefined;
  do {
    const page = await read(after);
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}
