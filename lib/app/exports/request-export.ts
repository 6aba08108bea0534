// An export of an event: asked for, made by a worker in constant memory (make-export.ts), then downloaded.
import { type EventExport, EXPORT_KEPT_MS } from '../../domain/event-export.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { EventStore } from '../event-ports.ts';
import type { ContentIds, EventExportStore } from '../export-ports.ts';
import { toNewId } from '../ids.ts';
import type { ObjectStore } from '../import-ports.ts';
import { toExportKey } from './export-key.ts';

export interface RequestDeps {
  readonly exports: EventExportStore;
  readonly events: Pick<EventStore, 'find'>;
}
export interface FindUrlDeps extends RequestDeps {
  readonly objects: Pick<ObjectStore, 'toDownload'>;
}

/** Refuses `not_found`. Another request replaces the first one's file. */
export async function requestExport(
  { exports, events }: RequestDeps,
  input: ContentIds & { readonly raw: boolean; readonly nowMs: number },
): Promise<Result<EventExport>> {
  const { organizationId, eventId, content, raw, nowMs } = input;
  if ((await events.find(organizationId, eventId)) === undefined) return refuse('not_found');
  const requested: EventExport = {
    organizationId,
    eventId,
    content,
    exportId: toNewId('request', nowMs),
    raw,
    ready: false,
    requestedAtMs: nowMs,
  };
  await exports.request(requested);
  return ok(requested);
}

/** Refuses `not_found` and `report_not_ready`. */
export async function findExportUrl(
  { exports, events, objects }: FindUrlDeps,
  input: ContentIds & { readonly nowMs: number },
): Promise<Result<{ readonly url: string }>> {
  const { organizationId, eventId, content, nowMs } = input;
  if ((await events.find(organizationId, eventId)) === undefined) return refuse('not_found');
  const found = await exports.find(input);
  if (found?.ready !== true || found.requestedAtMs + EXPORT_KEPT_MS <= nowMs) {
    return refuse('report_not_ready');
  }
  return ok({ url: await objects.toDownload(toExportKey(found), `${eventId}-${content}.csv`) });
}
