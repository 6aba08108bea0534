// Imports as they look on the wire.
import * as z from 'zod';
import {
  type Analysis,
  CERTAINTIES,
  DELIMITERS,
  ENCODINGS,
  type Import,
  IMPORT_COLUMNS_MAX,
  IMPORT_STATUSES,
  type Mapping,
  ROW_OUTCOMES,
  STOP_REASONS,
  toProgress,
  WARNING_CODES,
} from '../../../domain/imports/import.ts';
import { FIXES } from '../../../domain/imports/fixes.ts';
import { STAY_REASONS, type UndoState } from '../../../domain/imports/undo.ts';
import { IMPORT_FIELDS } from '../../../domain/imports/fields.ts';
import { $NumericId } from '../../schemas.ts';

export const $ImportId = z
  .string()
  .regex(/^imp_[0-9A-HJKMNP-TV-Z]{26}$/, 'must be the id of an import');

export const $Mapping = z
  .strictObject({
    header: z.boolean(),
    /** Empty: one column, each line is a barcode. */
    delimiter: z.enum(DELIMITERS),
    encoding: z.enum(ENCODINGS),
    columns: z
      .array(
        z.strictObject({
          index: z
            .int()
            .min(0)
            .max(IMPORT_COLUMNS_MAX - 1),
          field: z.enum(IMPORT_FIELDS),
          certainty: z.enum(CERTAINTIES).default('certain'),
        }),
      )
      .min(1)
      .max(IMPORT_COLUMNS_MAX),
  })
  .meta({ id: 'ImportMapping' });

const $Count = z.int().min(0);
const $Progress = z
  .object({
    rowsTotal: $Count,
    rowsDone: $Count,
    tickets: $Count,
    duplicates: $Count,
    rejected: $Count,
    notImported: $Count,
    blank: $Count,
    contactsCreated: $Count,
    contactsTotal: $Count,
  })
  .meta({ id: 'ImportProgress' });

const $Undo = z
  .object({
    /** Tickets that are gone, those deleted one by one among them. */
    removed: $Count,
    /** Tickets that were met and left; `GET …/rows?outcome=ticket` tells which and why. */
    stayed: $Count,
    reasons: z.array(z.object({ reason: z.enum(STAY_REASONS), count: $Count })),
  })
  .meta({ id: 'ImportUndo' });

const $ImportSummary = z.object({
  importId: z.string(),
  eventId: z.string(),
  status: z.enum(IMPORT_STATUSES),
  fileName: z.string(),
  overCapacity: z.enum(['enabled', 'disabled']),
  ticketTypeId: z.exactOptional($NumericId),
  autoStart: z.boolean(),
  dryRun: z.boolean(),
  progress: $Progress,
  stopReason: z.enum(STOP_REASONS).exactOptional(),
  undo: $Undo.exactOptional(),
  createdAt: z.string(),
  startedAt: z.string().exactOptional(),
});
export const $ImportListed = $ImportSummary.meta({ id: 'ImportSummary' });

export const $Import = z
  .object({
    ...$ImportSummary.shape,
    mapping: $Mapping.exactOptional(),
    fixes: z.array(z.enum(FIXES)).exactOptional(),
    preview: z.array(z.array(z.string())).exactOptional(),
    warnings: z
      .array(
        z.object({
          code: z.enum(WARNING_CODES),
          column: $Count,
          count: $Count,
          examples: z.array(z.string()),
          fix: z.enum(FIXES).exactOptional(),
        }),
      )
      .exactOptional(),
  })
  .meta({ id: 'Import' });

export const toImportSummary = (found: Import) => ({
  importId: found.importId,
  eventId: found.eventId,
  status: found.status,
  fileName: found.fileName,
  overCapacity: found.overCapacity,
  ...(found.ticketTypeId === undefined ? {} : { ticketTypeId: found.ticketTypeId }),
  autoStart: found.autoStart,
  dryRun: found.dryRun ?? found.requestedDryRun ?? false,
  progress: toProgress(found),
  ...(found.stopReason === undefined ? {} : { stopReason: found.stopReason }),
  ...(found.undo === undefined ? {} : { undo: toUndoBody(found.undo, found.counts.tickets) }),
  createdAt: new Date(found.createdAtMs).toISOString(),
  ...(found.startedAtMs === undefined
    ? {}
    : { startedAt: new Date(found.startedAtMs).toISOString() }),
});

const toUndoBody = ({ left, stayed, reasons }: UndoState, ticketsMade: number) => ({
  removed: ticketsMade - left,
  stayed,
  reasons: STAY_REASONS.flatMap((reason) => {
    const count = reasons[reason];
    return count === undefined ? [] : [{ reason, count }];
  }),
});

export const toImportBody = (found: Import, analysis: Analysis | undefined) => ({
  ...toImportSummary(found),
  ...(found.mapping === undefined ? {} : { mapping: toMappingBody(found.mapping) }),
  ...(found.fixes === undefined ? {} : { fixes: [...found.fixes] }),
  ...(analysis === undefined
    ? {}
    : {
        preview: analysis.preview.map((row) => [...row]),
        warnings: analysis.warnings.map((warning) => ({
          ...warning,
          examples: [...warning.examples],
        })),
      }),
});

const toMappingBody = ({ columns, ...mapping }: Mapping) => ({ ...mapping, columns: [...columns] });

export const $Row = z
  .object({
    row: z.int().min(1),
    outcome: z.enum(ROW_OUTCOMES),
    reason: z.string().exactOptional(),
    eventTicketId: z.exactOptional($NumericId),
    /** The file's own cells, of rows that became no ticket. */
    cells: z.array(z.string()).exactOptional(),
  })
  .meta({ id: 'ImportRow' });
