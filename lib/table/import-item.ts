// An import and its analysis as they lie in the table. The analysis lies apart, because the import's item is written
// after every chunk and stays small.
import * as z from 'zod';
import {
  type Analysis,
  CERTAINTIES,
  DELIMITERS,
  ENCODINGS,
  type Import,
  IMPORT_STATUSES,
  isUnderWay,
  OVER_CAPACITY,
  STOP_REASONS,
  WARNING_CODES,
} from '../domain/imports/import.ts';
import { FIXES } from '../domain/imports/fixes.ts';
import { IMPORT_FIELDS } from '../domain/imports/fields.ts';
import { STAY_REASONS } from '../domain/imports/undo.ts';
import { importAnalysisKey, importKey, importsDue, importsList } from './keys.ts';
import { $FileState } from './file-state.ts';

const $Mapping = z.object({
  header: z.boolean(),
  delimiter: z.enum(DELIMITERS),
  encoding: z.enum(ENCODINGS),
  columns: z.array(
    z.object({
      index: z.number(),
      field: z.enum(IMPORT_FIELDS),
      certainty: z.enum(CERTAINTIES),
    }),
  ),
});

const $ImportItem = z.object({
  organizationId: z.string(),
  importId: z.string(),
  eventId: z.string(),
  status: z.enum(IMPORT_STATUSES),
  fileName: z.string(),
  overCapacity: z.enum(OVER_CAPACITY),
  ticketTypeId: z.number().exactOptional(),
  autoStart: z.boolean(),
  requestedMapping: $Mapping.exactOptional(),
  requestedDryRun: z.boolean().exactOptional(),
  mapping: $Mapping.exactOptional(),
  fixes: z.array(z.enum(FIXES)).exactOptional(),
  dryRun: z.boolean().exactOptional(),
  file: z
    .object({
      etag: z.string(),
      bytes: z.number(),
      sepLine: z.boolean(),
      preamble: z.number().exactOptional(),
      columnCount: z.number(),
    })
    .exactOptional(),
  unread: z.boolean().exactOptional(),
  rowsTotal: z.number(),
  counts: z.object({
    tickets: z.number(),
    duplicates: z.number(),
    rejected: z.number(),
    blank: z.number(),
    notImported: z.number(),
    contactsCreated: z.number(),
    contactsTotal: z.number(),
  }),
  sequence: z.number(),
  rowsProcessed: z.number(),
  reservation: z
    .object({ event: z.number(), types: z.record(z.string(), z.number()) })
    .exactOptional(),
  stopReason: z.enum(STOP_REASONS).exactOptional(),
  report: z
    .object({
      reportId: z.string(),
      only: z.literal('failed').exactOptional(),
      ready: z.boolean(),
      file: z.exactOptional($FileState),
    })
    .exactOptional(),
  undo: z
    .object({
      row: z.number(),
      left: z.number(),
      deleted: z.number(),
      stayed: z.number(),
      reasons: z.partialRecord(z.enum(STAY_REASONS), z.number()),
      pass: z.number(),
      ticketsDone: z.literal(true).exactOptional(),
      buyersGone: z.object({ total: z.number(), created: z.number() }),
    })
    .exactOptional(),
  createdAtMs: z.number(),
  startedAtMs: z.number().exactOptional(),
});

const $AnalysisItem = z.object({
  header: z.object({ cells: z.array(z.string()), delimiter: z.enum(DELIMITERS) }).exactOptional(),
  preview: z.array(z.array(z.string())),
  warnings: z.array(
    z.object({
      code: z.enum(WARNING_CODES),
      column: z.number(),
      count: z.number(),
      examples: z.array(z.string()),
      fix: z.enum(FIXES).exactOptional(),
    }),
  ),
});

/** An import under way is looked after when nothing was booked for this long; a chunk takes seconds. */
const STANDSTILL_MS_MAX = 6 * 60_000;

export const toDueMs = (nowMs: number): number => nowMs + STANDSTILL_MS_MAX;

/** With every key attribute; an import under way is due for a look some time after `nowMs`. */
export function toImportItem({ reservation, ...made }: Import, nowMs: number) {
  const { organizationId, eventId, importId } = made;
  return {
    ...importKey(organizationId, importId),
    kind: 'import',
    g2: importsList(organizationId, eventId),
    srt: importId,
    ...(isUnderWay(made.status) ? { g4: importsDue(), due: toDueMs(nowMs) } : {}),
    ...made,
    ...(reservation === undefined ? {} : { reservation: toReservationItem(reservation) }),
  };
}

export const toReservationItem = ({ event, types }: NonNullable<Import['reservation']>) => ({
  event,
  types: Object.fromEntries(types),
});

export function fromImportItem(item: unknown): Import {
  const { reservation, ...found } = $ImportItem.parse(item);
  if (reservation === undefined) return found;
  const types = Object.entries(reservation.types).map(
    ([id, count]) => [Number(id), count] as const,
  );
  return { ...found, reservation: { event: reservation.event, types: new Map(types) } };
}

export const toAnalysisItem = (of: Import, analysis: Analysis) => ({
  ...importAnalysisKey(of.organizationId, of.importId),
  kind: 'importAnalysis',
  ...analysis,
});
export const fromAnalysisItem = (item: unknown): Analysis => $AnalysisItem.parse(item);
