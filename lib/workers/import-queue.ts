// The imports queue: uploads that have arrived, imports to go on with, reports and exports to make, contacts to erase.
import * as z from 'zod';
import { type AnalyzeDeps, analyzeUpload } from '../app/imports/analyze-upload.ts';
import { makeExport, type MakeDeps } from '../app/exports/make-export.ts';
import { clearUpload } from '../app/imports/clear-upload.ts';
import { makeReport, type ReportDeps } from '../app/imports/report.ts';
import { type RunDeps, runImport } from '../app/imports/run-import.ts';
import { runUndo, type UndoDeps } from '../app/imports/undo-import.ts';
import { type EraseDeps, eraseContact } from '../app/erase-contact.ts';
import { parseUploadKey } from '../app/imports/upload-key.ts';
import type { Logger } from '../app/ports.ts';
import { EXPORT_CONTENTS } from '../domain/event-export.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

/** A run takes this long and then lets another one go on; the function's own limit is well above it. */
const RUN_MS_MAX = 4 * 60_000;

export type ImportWorkerDeps = AnalyzeDeps &
  ReportDeps &
  RunDeps &
  UndoDeps &
  MakeDeps &
  EraseDeps & {
    readonly logger: Logger;
    /** How long a run may take; RUN_MS_MAX unless a test is in a hurry. */
    readonly runMs?: number;
  };

const $Ids = { organizationId: z.string(), importId: z.string() };
const $Message = z.union([
  z.object({ type: z.literal('import.run'), ...$Ids }),
  z.object({ type: z.literal('import.report'), ...$Ids, reportId: z.string() }),
  z.object({
    type: z.literal('event.export'),
    organizationId: z.string(),
    eventId: z.string(),
    content: z.enum(EXPORT_CONTENTS),
    exportId: z.string(),
  }),
  z.object({
    type: z.literal('contact.erase'),
    organizationId: z.string(),
    contactId: z.string(),
  }),
  z.object({
    Records: z.array(
      z.object({ eventName: z.string(), s3: z.object({ object: z.object({ key: z.string() }) }) }),
    ),
  }),
  // S3 says once that it may send here.
  z.object({ Event: z.literal('s3:TestEvent') }),
]);

export function createImportWorker(deps: ImportWorkerDeps): BatchHandler {
  return createBatchHandler(async (body) => {
    const parsed = $Message.safeParse(body);
    if (!parsed.success) throw new MalformedRecordError('not a message of the imports queue');
    const message = parsed.data;
    if ('Event' in message) return;
    if ('Records' in message) {
      for (const { eventName, s3 } of message.Records) {
        if (eventName.includes('ObjectCreated')) await analyze(deps, s3.object.key);
      }
      return;
    }
    const deadlineMs = deps.clock() + (deps.runMs ?? RUN_MS_MAX);
    if (message.type === 'import.run') {
      // Each does something in its own state only.
      await runImport(deps, message, deadlineMs);
      await runUndo(deps, message, deadlineMs);
      await clearUpload(deps, message);
    } else if (message.type === 'event.export') {
      await makeExport(deps, message, deadlineMs);
    } else if (message.type === 'contact.erase') {
      await eraseContact(deps, message);
    } else {
      await makeReport(deps, message, deadlineMs);
    }
  }, deps.logger);
}

async function analyze(deps: ImportWorkerDeps, encodedKey: string): Promise<void> {
  // Keys in S3's events are encoded as in a query: + is a space.
  const ids = parseUploadKey(decodeURIComponent(encodedKey.replaceAll('+', ' ')));
  if (ids === undefined) throw new MalformedRecordError('not the key of an upload');
  await analyzeUpload(deps, ids, deps.clock());
  await clearUpload(deps, ids);
}
