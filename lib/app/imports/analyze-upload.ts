// Looks at an uploaded file before anything is written: is it text, how is it written, which column is what, how many
// rows, what looks damaged. The first upload that was analyzed stays; another event for the import changes nothing.
import { present } from '../../domain/assert.ts';
import { unescapeCell } from '../../domain/imports/csv-escape.ts';
import { createDamageCount } from '../../domain/imports/damage.ts';
import {
  chooseDelimiter,
  countColumns,
  findForeignContent,
  findSepLine,
  guessEncoding,
  HEAD_BYTES,
  isIn1252,
} from '../../domain/imports/dialect.ts';
import { CsvFaultError, ObjectChangedError } from '../../domain/imports/faults.ts';
import { findEscaped, type ImportField } from '../../domain/imports/fields.ts';
import { countPreamble, guessColumns, isCertain } from '../../domain/imports/guess-mapping.ts';
import {
  type Analysis,
  DELIMITERS,
  type Encoding,
  type Import,
  IMPORT_ROWS_MAX,
  type ImportIds,
  type Mapping,
  PREVIEW_ROWS,
  type StopReason,
  type UploadedFile,
  UPLOAD_BYTES_MAX,
} from '../../domain/imports/import.ts';
import { toCurrencyDigits } from '../../domain/imports/price.ts';
import type { EventStore } from '../event-ports.ts';
import type { ImportStore, ObjectRef } from '../import-ports.ts';
import { createOriginCount, createOrigins, type OriginDeps } from './origins.ts';
import { loadPersons, type PersonsDeps } from './persons.ts';
import { openRows, type FileDeps } from './read-rows.ts';
import { startImport } from './start-import.ts';
import { toUploadKey } from './upload-key.ts';

export interface AnalyzeDeps extends FileDeps, PersonsDeps, OriginDeps {
  readonly imports: ImportStore;
  readonly events: EventStore;
}

export async function analyzeUpload(
  deps: AnalyzeDeps,
  ids: ImportIds,
  nowMs: number,
): Promise<void> {
  const found = await deps.imports.find(ids);
  if (found === undefined) return;
  if (found.status === 'AWAITING_UPLOAD') {
    const object = await deps.objects.find(toUploadKey(ids));
    // The event of an upload that is gone by now.
    if (object === undefined) return;
    const analyzed = await analyze(deps, found, object);
    if (analyzed.failed !== undefined) {
      await deps.imports.commitFailure(ids, analyzed.failed);
      return;
    }
    await deps.imports.commitAnalysis(analyzed.import, analyzed.analysis);
  }
  // Also after a repeated event, so that a death between analysis and start is made good.
  const current = await deps.imports.find(ids);
  if (current?.autoStart !== true || current.status !== 'ANALYZED') return;
  const { warnings } = present(await deps.imports.findAnalysis(ids), 'an analyzed import');
  if (warnings.length > 0 || !isCertain(present(current.mapping, 'an analyzed import'))) return;
  await startImport(deps, { ids, wanted: {}, nowMs });
}

type Analyzed =
  | { readonly failed: StopReason }
  | { readonly failed?: undefined; readonly import: Import; readonly analysis: Analysis };

async function analyze(deps: AnalyzeDeps, found: Import, object: ObjectRef): Promise<Analyzed> {
  if (object.bytes === 0) return { failed: 'empty_file' };
  if (object.bytes > UPLOAD_BYTES_MAX) return { failed: 'file_too_large' };
  try {
    const head = await readHead(deps, object);
    const foreign = findForeignContent(head);
    if (foreign !== undefined) return { failed: foreign };
    const encoding = found.requestedMapping?.encoding ?? guessEncoding(head);
    try {
      return await analyzeAs(deps, { found, object, head, encoding });
    } catch (error) {
      const isGuess = found.requestedMapping === undefined && encoding === 'utf-8';
      if (!isGuess || !isFault(error, 'invalid_encoding')) throw error;
      return await analyzeAs(deps, { found, object, head, encoding: 'windows-1252' });
    }
  } catch (error) {
    if (error instanceof CsvFaultError || error instanceof ObjectChangedError) {
      return { failed: error.reason };
    }
    throw error;
  }
}

const isFault = (error: unknown, reason: StopReason): boolean =>
  error instanceof CsvFaultError && error.reason === reason;

interface Attempt {
  readonly found: Import;
  readonly object: ObjectRef;
  readonly head: Buffer;
  readonly encoding: Encoding;
}

async function analyzeAs(deps: AnalyzeDeps, attempt: Attempt): Promise<Analyzed> {
  const { found, object } = attempt;
  const { mapping, ...layout } = guessMapping(deps, attempt);
  const warnings = await createWarnings(deps, found, mapping);
  const file: UploadedFile = { etag: object.etag, bytes: object.bytes, ...layout };
  const { header = [], rows } = await openRows(
    deps.csv.read(readBytes(deps, attempt), mapping),
    mapping,
    file,
  );
  const escaped = findEscaped(header);
  const persons = await loadPersons(deps, { ...found, mapping });
  const preview: string[][] = [];
  let rowsTotal = 0;
  let hasRows = false;
  for (let next = await rows.next(); !next.done; next = await rows.next()) {
    rowsTotal += 1;
    if (rowsTotal > IMPORT_ROWS_MAX) {
      await rows.return?.();
      return { failed: 'too_many_rows' };
    }
    hasRows ||= next.value.some((cell) => cell !== '');
    if (rowsTotal <= PREVIEW_ROWS) preview.push(toPreview(persons.redact(next.value).cells));
    await warnings.add(
      escaped.size === 0
        ? next.value
        : next.value.map((cell, index) => (escaped.has(index) ? unescapeCell(cell) : cell)),
    );
  }
  if (!hasRows) return { failed: 'no_rows' };
  return {
    import: { ...found, status: 'ANALYZED', mapping, file, rowsTotal },
    analysis: {
      preview,
      warnings: warnings.tell(),
      ...(header.length === 0 ? {} : { header: { cells: header, delimiter: mapping.delimiter } }),
    },
  };
}

/** What looks damaged, and origins that nobody has signed. */
async function createWarnings(deps: AnalyzeDeps, found: Import, { columns }: Mapping) {
  const event = await deps.events.find(found.organizationId, found.eventId);
  const currencyDigits = toCurrencyDigits(present(event, 'an import has its event').event.currency);
  const toIndex = (field: ImportField): number | undefined =>
    columns.find((column) => column.field === field)?.index;
  const barcode = toIndex('barcode');
  const damage = createDamageCount({ barcode, price: toIndex('price'), currencyDigits });
  const origin = toIndex('origin');
  const origins = createOriginCount(createOrigins(deps, found.organizationId), { barcode, origin });
  return {
    async add(cells: readonly string[]): Promise<void> {
      damage.add(cells);
      if (origin !== undefined) await origins.add(cells);
    },
    tell: () => [...damage.toWarnings(), ...origins.toWarnings()],
  };
}

/** The whole file is looked at before a row of it is written: a run has nothing left to be surprised by. */
async function* readBytes(
  { objects }: FileDeps,
  { object, encoding }: Attempt,
): AsyncGenerator<Buffer> {
  for await (const bytes of objects.read(object)) {
    if (encoding === 'windows-1252' && !isIn1252(bytes)) {
      throw new CsvFaultError('invalid_encoding');
    }
    yield bytes;
  }
}

function guessMapping(
  deps: AnalyzeDeps,
  { found, object, head, encoding }: Attempt,
): { readonly mapping: Mapping } & Omit<UploadedFile, 'etag' | 'bytes'> {
  const isWhole = head.length === object.bytes;
  const requested = found.requestedMapping;
  const named = findSepLine(new TextDecoder(encoding).decode(head.subarray(0, 64)));
  const readHead = (delimiter: Mapping['delimiter']) => {
    const records = deps.csv.readHead(head, { encoding, delimiter }, isWhole);
    return named === undefined ? records : records.slice(1);
  };
  const delimiter =
    requested?.delimiter ??
    named ??
    chooseDelimiter(
      DELIMITERS.filter((candidate) => candidate !== '').map((candidate) => ({
        delimiter: candidate,
        records: readHead(candidate),
      })),
    );
  const all = readHead(delimiter);
  const preamble = requested === undefined ? countPreamble(all) : 0;
  const records = all.slice(preamble);
  const { columns: columnCount } = countColumns(records);
  const mapping = requested ?? { delimiter, encoding, ...guessColumns(records, columnCount) };
  const sepLine = named !== undefined;
  return { mapping, sepLine, columnCount, ...(preamble === 0 ? {} : { preamble }) };
}

async function readHead(deps: FileDeps, object: ObjectRef): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of deps.objects.read(object)) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}

/** A preview is looked at by a person; 20 rows of these cells stay far below an item's 400 KB. */
const PREVIEW_CHARACTERS_MAX = 100;
const PREVIEW_COLUMNS_MAX = 60;

const toPreview = (cells: readonly string[]): string[] =>
  cells.slice(0, PREVIEW_COLUMNS_MAX).map((cell) => cutAt(cell, PREVIEW_CHARACTERS_MAX));

/** Never half a character. */
const cutAt = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
