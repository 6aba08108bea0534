// Runs a started import chunk by chunk from where the last run stopped. A run ends when its time is over and lets
// another one continue; two runs at once are harmless, because each chunk is booked once.
import { assert, present } from '../../domain/assert.ts';
import { countColumns } from '../../domain/imports/dialect.ts';
import { CsvFaultError, ObjectChangedError } from '../../domain/imports/faults.ts';
import { type Import, IMPORT_ROWS_MAX, type ImportIds } from '../../domain/imports/import.ts';
import { toCurrencyDigits } from '../../domain/imports/price.ts';
import { decideRow, type RowRules, toRowRules } from '../../domain/imports/rows.ts';
import type { EventStore } from '../event-ports.ts';
import type { ImportQueue, ImportRunStore, ImportStore } from '../import-ports.ts';
import { createBuyers } from './buyers.ts';
import { failRun, type FailDeps } from './fail-run.ts';
import { CHUNK_ROWS, importChunk } from './import-chunk.ts';
import { createOrigins, type OriginDeps } from './origins.ts';
import { loadPersons } from './persons.ts';
import { toBlockIndex } from '../../domain/imports/row-ids.ts';
import { countRows, type FileDeps, type FileRows, openFile, skipRows } from './read-rows.ts';

export interface RunDeps extends FileDeps, FailDeps, OriginDeps {
  readonly imports: ImportStore;
  readonly run: ImportRunStore;
  /** The stores of a run that writes nothing but its progress. */
  readonly dryRun: (found: Import) => Promise<Pick<RunDeps, 'run' | 'contacts'>>;
  readonly events: EventStore;
  readonly queue: ImportQueue;
  readonly clock: () => number;
  /** Rows of a chunk; CHUNK_ROWS unless a test takes less. */
  readonly chunkRows?: number;
}

/** Answers when the import has ended or another run goes on with it. */
export async function runImport(deps: RunDeps, ids: ImportIds, deadlineMs: number): Promise<void> {
  const found = await deps.imports.find(ids);
  if (found?.status !== 'RUNNING') return;
  try {
    const dry = found.dryRun === true ? await deps.dryRun(found) : {};
    await runFrom({ ...deps, ...dry }, await readThrough(deps, found), deadlineMs);
  } catch (error) {
    if (!(error instanceof ObjectChangedError || error instanceof CsvFaultError)) throw error;
    await failRun(deps, ids, error.reason);
  }
}

/** Records from which the number of columns is taken. */
const COLUMN_RECORDS = 100;

/** An analysis reads the whole file before a row is written. Of a file that starts otherwise this does. */
async function readThrough(deps: RunDeps, found: Import): Promise<Import> {
  if (found.unread !== true || found.rowsProcessed > 0) return found;
  const { header, rows } = await openFile(deps, found);
  const records = header === undefined ? [] : [header];
  let rowsTotal = 0;
  for (let next = await rows.next(); !next.done; next = await rows.next()) {
    rowsTotal += 1;
    if (rowsTotal > IMPORT_ROWS_MAX) throw new CsvFaultError('too_many_rows');
    if (records.length < COLUMN_RECORDS) records.push(next.value);
  }
  const file = present(found.file, 'a running import has a file');
  return { ...found, rowsTotal, file: { ...file, columnCount: countColumns(records).columns } };
}

async function runFrom(deps: RunDeps, found: Import, deadlineMs: number): Promise<void> {
  const file = await openFile(deps, found);
  try {
    const rules = await loadRules(deps, found, file.header);
    const { recall } = deps.run;
    await skipRows(file.rows, found.rowsProcessed, (cells, row) => {
      const decision = recall && decideRow(cells, rules);
      if (decision?.as === 'draft') recall?.(row, decision.draft);
    });
    await runChunks(deps, { found, file, rules, deadlineMs });
  } finally {
    await file.rows.return?.();
  }
}

async function loadRules(
  deps: RunDeps,
  found: Import,
  header: readonly string[] | undefined,
): Promise<RowRules> {
  const { organizationId, eventId } = found;
  const [event, types] = await Promise.all([
    deps.events.find(organizationId, eventId),
    deps.events.listTicketTypes(organizationId, eventId),
  ]);
  const mapping = present(found.mapping, 'a running import has a mapping');
  const widest = Math.max(0, ...mapping.columns.map(({ index }) => index + 1));
  return toRowRules({
    mapping,
    header,
    columnCount: Math.max(widest, present(found.file, 'a running import has a file').columnCount),
    fixes: found.fixes ?? [],
    requestedTypeId: found.ticketTypeId,
    types: types.map(({ type }) => type),
    currencyDigits: toCurrencyDigits(present(event, 'an import has its event').event.currency),
  });
}

interface Run {
  readonly found: Import;
  readonly file: FileRows;
  readonly rules: RowRules;
  readonly deadlineMs: number;
}

async function runChunks(deps: RunDeps, { found, file, rules, deadlineMs }: Run): Promise<void> {
  const blocks = new Map(await deps.run.loadBlocks(found));
  const toBlock = (row: number): number => present(blocks.get(toBlockIndex(row)), 'claimed before');
  const buyers = await createBuyers(deps, found.organizationId);
  const origins = createOrigins(deps, found.organizationId);
  const mapping = present(found.mapping, 'a running import has a mapping');
  let current = found;
  let rows: (readonly string[])[] = [];
  for (;;) {
    rows = await fill(rows, file.rows, deps.chunkRows ?? CHUNK_ROWS);
    if (rows.length === 0) return finish(deps, current);
    await claimBlocks(deps, blocks, current, rows.length);
    const persons = await loadPersons(deps, { ...found, mapping });
    const chunk = { current, rules, rows, toBlock, buyers, persons, origins };
    const end = await importChunk(deps, chunk);
    if (end.as === 'lost') return;
    if (end.as === 'done') {
      current = end.next;
      rows = rows.slice(end.count);
      if (end.soldOut) return stop(deps, current, rows.length + (await countRows(file.rows)));
    }
    if (deps.clock() >= deadlineMs) {
      const { organizationId, importId } = current;
      return deps.queue.send([{ type: 'import.run', organizationId, importId }]);
    }
  }
}

/** A thousand rows of a thousand characters; without it a chunk of the widest rows would have 64 MB. */
const CHUNK_CHARACTERS_MAX = 1024 * 1024;

async function fill(
  rows: readonly (readonly string[])[],
  file: FileRows['rows'],
  rowsMax: number,
): Promise<(readonly string[])[]> {
  const filled = [...rows];
  let characters = 0;
  while (filled.length < rowsMax && characters < CHUNK_CHARACTERS_MAX) {
    const next = await file.next();
    if (next.done) break;
    filled.push(next.value);
    for (const cell of next.value) characters += cell.length;
  }
  return filled;
}

/** Blocks grow with the rows, so that ticket ids are in file order. */
async function claimBlocks(
  deps: RunDeps,
  blocks: Map<number, number>,
  current: Import,
  count: number,
): Promise<void> {
  const last = toBlockIndex(current.rowsProcessed + count);
  for (let index = toBlockIndex(current.rowsProcessed + 1); index <= last; index += 1) {
    if (blocks.has(index)) continue;
    const after = blocks.get(index - 1) ?? 0;
    const claim = { index, after, nowMs: deps.clock() };
    blocks.set(index, await deps.run.claimBlock(current, claim));
  }
}

const finish = async (deps: RunDeps, current: Import): Promise<void> =>
  end(deps, current, {
    ...current,
    status: toEndStatus(current),
    rowsTotal: current.rowsProcessed,
  });

function toEndStatus({ dryRun, counts }: Import): Import['status'] {
  if (dryRun === true) return 'DRY_RUN_COMPLETED';
  return counts.rejected > 0 ? 'COMPLETED_WITH_REJECTS' : 'COMPLETED';
}

const stop = async (deps: RunDeps, current: Import, notImported: number): Promise<void> =>
  end(deps, current, {
    ...current,
    status: current.dryRun === true ? 'DRY_RUN_COMPLETED' : 'STOPPED_SOLD_OUT',
    stopReason: 'sold_out',
    rowsTotal: current.rowsProcessed + notImported,
    counts: { ...current.counts, notImported },
  });

async function end(deps: RunDeps, current: Import, ended: Import): Promise<void> {
  assert(
    ended.rowsProcessed + ended.counts.notImported === ended.rowsTotal,
    'every row is accounted for',
  );
  const next = { ...ended, sequence: current.sequence + 1 };
  await deps.run.commitChunk(current, next, { created: new Map(), nowMs: deps.clock() });
}
