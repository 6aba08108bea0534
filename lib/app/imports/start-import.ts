// Starts an import, or continues one that stopped when the event was sold out. Asked again it changes nothing.
import { present } from '../../domain/assert.ts';
import { type Fix, isSameFixes } from '../../domain/imports/fixes.ts';
import {
  type Import,
  type ImportIds,
  isSameMapping,
  type Mapping,
  NO_COUNTS,
} from '../../domain/imports/import.ts';
import type { Fault } from '../../domain/refusals.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { EventStore } from '../event-ports.ts';
import type { ImportStore } from '../import-ports.ts';

export interface StartDeps {
  readonly imports: ImportStore;
  readonly events: EventStore;
}

export interface StartWanted {
  /** Absent: as it is. */
  readonly mapping?: Mapping | undefined;
  /** Absent: none, or those of the run that this repeats or continues. */
  readonly fixes?: readonly Fix[] | undefined;
  /** Absent: as the import was created. */
  readonly dryRun?: boolean | undefined;
}

export interface StartInput {
  readonly ids: ImportIds;
  readonly wanted: StartWanted;
  readonly nowMs: number;
}

/** Refuses `not_found`, `import_not_startable` and `validation_failed` for a mapping that can't work. */
export async function startImport(deps: StartDeps, input: StartInput): Promise<Result<Import>> {
  const found = await deps.imports.find(input.ids);
  if (found === undefined) return refuse('not_found');
  const { fixes, mapping = found.mapping } = input.wanted;
  const dryRun = input.wanted.dryRun ?? found.requestedDryRun ?? false;
  if (found.mapping === undefined || mapping === undefined || found.file === undefined) {
    return refuse('import_not_startable', { detail: `The import is ${found.status}.` });
  }
  const ran = found.fixes ?? [];
  const isSame = isSameMapping(mapping, found.mapping) && isSameFixes(fixes ?? ran, ran);
  const isRepeat = isSame && dryRun === (found.dryRun ?? false);
  const begin = async () => beginRun(deps, input, { found, mapping, fixes: fixes ?? [], dryRun });
  switch (found.status) {
    case 'RUNNING':
    case 'COMPLETED':
    case 'COMPLETED_WITH_REJECTS':
      return isRepeat ? ok(found) : refuse('import_not_startable', { detail: STARTED_OTHERWISE });
    case 'STOPPED_SOLD_OUT':
      return isSame && input.wanted.dryRun !== true
        ? commit(deps, input, found, {
            ...found,
            status: 'RUNNING',
            counts: { ...found.counts, notImported: 0 },
          })
        : refuse('import_not_startable', { detail: STARTED_OTHERWISE });
    case 'DRY_RUN_COMPLETED':
      return isRepeat ? ok(found) : begin();
    case 'ANALYZED':
      return begin();
    case 'AWAITING_UPLOAD':
    case 'FAILED':
    case 'UNDOING':
    case 'UNDONE':
    case 'UNDONE_PARTLY':
      return refuse('import_not_startable', { detail: `The import is ${found.status}.` });
  }
}

const STARTED_OTHERWISE = 'The import was started with another mapping, other fixes or dryRun.';

/** From the first row, also after a dry run. */
async function beginRun(
  deps: StartDeps,
  input: StartInput,
  { found, ...how }: { found: Import } & Pick<Import, 'fixes' | 'dryRun'> & { mapping: Mapping },
): Promise<Result<Import>> {
  const { mapping } = how;
  const errors = await findFaults(deps, found, mapping);
  if (errors.length > 0) return refuse('validation_failed', { errors });
  const { header, delimiter, encoding } = present(found.mapping, 'checked by the caller');
  const { preamble = 0 } = present(found.file, 'checked by the caller');
  return commit(deps, input, found, {
    ...found,
    ...how,
    status: 'RUNNING',
    unread: mapping.delimiter !== delimiter || mapping.encoding !== encoding,
    counts: NO_COUNTS,
    rowsProcessed: 0,
    // The header and what stands above it are rows or aren't.
    rowsTotal: found.rowsTotal + (Number(header) - Number(mapping.header)) * (1 + preamble),
    startedAtMs: input.nowMs,
  });
}

async function commit(
  deps: StartDeps,
  input: StartInput,
  before: Import,
  started: Import,
): Promise<Result<Import>> {
  const { stopReason: _over, report: _outdated, ...running } = started;
  if (await deps.imports.commitStart(before, running, input.nowMs)) return ok(running);
  // Somebody else started it in between: judge what it is now.
  return startImport(deps, input);
}

async function findFaults(deps: StartDeps, found: Import, mapping: Mapping): Promise<Fault[]> {
  const faults: Fault[] = [];
  const { file, organizationId, eventId } = found;
  const analyzed = present(found.mapping, 'checked by the caller');
  const fields = mapping.columns.map(({ field }) => field).filter((field) => field !== 'other');
  if (!fields.includes('barcode')) {
    faults.push({ pointer: '/mapping/columns', detail: 'no column is the barcode' });
  }
  if (new Set(fields).size !== fields.length) {
    faults.push({ pointer: '/mapping/columns', detail: 'two columns are the same field' });
  }
  if (new Set(mapping.columns.map(({ index }) => index)).size !== mapping.columns.length) {
    faults.push({ pointer: '/mapping/columns', detail: 'one column is there twice' });
  }
  const isSameDialect = mapping.delimiter === analyzed.delimiter;
  for (const [at, { index }] of mapping.columns.entries()) {
    if (isSameDialect && index >= present(file, 'analyzed').columnCount && !analyzed.header) {
      faults.push({
        pointer: `/mapping/columns/${at}/index`,
        detail: 'the file has no such column',
      });
    }
  }
  const isReadable =
    mapping.encoding === analyzed.encoding ||
    (mapping.encoding === 'windows-1252' && analyzed.encoding === 'utf-8');
  if (!isReadable) {
    faults.push({ pointer: '/mapping/encoding', detail: `the file is ${analyzed.encoding}` });
  }
  if (found.ticketTypeId === undefined && !fields.includes('ticketType')) {
    const types = await deps.events.listTicketTypes(organizationId, eventId);
    if (types.length !== 1) {
      const detail =
        types.length === 0
          ? 'the event has no ticket type'
          : 'no column is the ticket type, the import names none, and the event has several';
      faults.push({ pointer: '/mapping/columns', detail });
    }
  }
  return faults;
}
