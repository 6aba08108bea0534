// Names of exports in the bucket. They tell whose they are; a client never chooses one.
import { EXPORT_CONTENTS } from '../../domain/event-export.ts';
import type { ExportIds } from '../export-ports.ts';

/** All exports of an organization; reports of imports lie beside it, under ids that begin with `imp_`. */
export const toExportPrefix = (organizationId: string): string =>
  `reports/${organizationId}/exports/`;

export const toExportKey = ({ organizationId, eventId, content, exportId }: ExportIds): string =>
  `${toExportPrefix(organizationId)}${eventId}/${content}/${exportId}.csv`;

/** Of an export's file, or of a part of it. */
export function parseExportKey(key: string): ExportIds | undefined {
  const [, organizationId, eventId, named, exportId] =
    /^reports\/([^/]+)\/exports\/([^/]+)\/([^/]+)\/([^/.]+)\.csv(?:\.\w+)?$/.exec(key) ?? [];
  const content = EXPORT_CONTENTS.find((known) => known === named);
  if (organizationId === undefined || eventId === undefined) return undefined;
  if (content === undefined || exportId === undefined) return undefined;
  return { organizationId, eventId, content, exportId };
}
