// Names of an import's objects in the bucket. They tell whose they are; a client never chooses one.
import type { ImportIds } from '../../domain/imports/import.ts';

export const toUploadKey = ({ organizationId, importId }: ImportIds): string =>
  `uploads/${organizationId}/${importId}`;

/** All reports of an import. */
export const toReportPrefix = ({ organizationId, importId }: ImportIds): string =>
  `reports/${organizationId}/${importId}/`;
export const toReportKey = (ids: ImportIds, reportId: string): string =>
  `${toReportPrefix(ids)}${reportId}.csv`;

export function parseUploadKey(key: string): ImportIds | undefined {
  const [, organizationId, importId] = /^uploads\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  return organizationId === undefined || importId === undefined
    ? undefined
    : { organizationId, importId };
}
