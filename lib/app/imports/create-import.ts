// Makes an import that waits for its file, and the form with which the file is uploaded.
import {
  type Import,
  type Mapping,
  NO_COUNTS,
  type OverCapacity,
} from '../../domain/imports/import.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { EventStore } from '../event-ports.ts';
import { toNewId } from '../ids.ts';
import type { ImportStore, ObjectStore } from '../import-ports.ts';
import { toUploadKey } from './upload-key.ts';

export interface CreateImportDeps {
  readonly imports: ImportStore;
  readonly events: EventStore;
  readonly objects: ObjectStore;
}

export interface NewImport {
  readonly fileName: string;
  readonly overCapacity: OverCapacity;
  readonly ticketTypeId: number | undefined;
  readonly autoStart: boolean;
  readonly mapping: Mapping | undefined;
  readonly dryRun: boolean;
}

/** Refuses `not_found` without the event and `validation_failed` for a ticket type that the event hasn't. */
export async function createImport(
  deps: CreateImportDeps,
  input: {
    readonly organizationId: string;
    readonly eventId: string;
    readonly nowMs: number;
    readonly wanted: NewImport;
  },
): Promise<
  Result<{ readonly made: Import; readonly upload: Awaited<ReturnType<ObjectStore['toUpload']>> }>
> {
  const { organizationId, eventId, nowMs } = input;
  const { fileName, overCapacity, ticketTypeId, autoStart, mapping, dryRun } = input.wanted;
  if ((await deps.events.find(organizationId, eventId)) === undefined) return refuse('not_found');
  if (ticketTypeId !== undefined) {
    const found = await deps.events.findTicketType(organizationId, ticketTypeId);
    if (found?.type.eventId !== eventId) {
      const errors = [{ pointer: '/ticketTypeId', detail: 'is no ticket type of this event' }];
      return refuse('validation_failed', { errors });
    }
  }
  const made: Import = {
    organizationId,
    eventId,
    importId: toNewId('import', nowMs),
    status: 'AWAITING_UPLOAD',
    fileName,
    overCapacity,
    autoStart,
    ...(ticketTypeId === undefined ? {} : { ticketTypeId }),
    ...(mapping === undefined ? {} : { requestedMapping: mapping }),
    ...(dryRun ? { requestedDryRun: true } : {}),
    rowsTotal: 0,
    counts: NO_COUNTS,
    sequence: 0,
    rowsProcessed: 0,
    createdAtMs: nowMs,
  };
  await deps.imports.create(made);
  return ok({ made, upload: await deps.objects.toUpload(toUploadKey(made)) });
}
