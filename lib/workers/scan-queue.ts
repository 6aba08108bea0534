// The scans queue: what the door refused.
import * as z from 'zod/mini';
import { type NoteDeps, noteRefusals } from '../app/door/note-refusals.ts';
import type { Clock } from '../app/ports.ts';
import { SCAN_REASONS } from '../domain/scan.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

const $Message = z.object({
  scans: z.array(
    z.object({
      organizationId: z.string(),
      eventId: z.string(),
      messageId: z.string(),
      deviceId: z.string(),
      scanId: z.string(),
      gateId: z.exactOptional(z.string()),
      direction: z.enum(['entry', 'exit']),
      atMs: z.number(),
      outcome: z.enum(['REFUSED', 'ADMITTED_OFFLINE_CLASH']),
      reason: z.exactOptional(z.enum(SCAN_REASONS)),
      eventTicketId: z.exactOptional(z.number()),
      ticketTypeId: z.exactOptional(z.number()),
      isOffline: z.boolean(),
      isCheck: z.boolean(),
    }),
  ),
});

export const createScanQueueWorker = (deps: NoteDeps & { readonly clock: Clock }): BatchHandler =>
  createBatchHandler(async (body) => {
    const parsed = $Message.safeParse(body);
    if (!parsed.success) throw new MalformedRecordError('not a message of the scans queue');
    await noteRefusals(deps, parsed.data.scans, deps.clock());
  }, deps.logger);
