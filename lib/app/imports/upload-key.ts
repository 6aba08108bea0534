// Names of an import's objects in the bucket. They tell whose they are; a client never chooses one.
import type { ImportIds } from '../../domain/imports/import.ts';

export const toUploadKey = ({ organizationId, importId }: ImportIds): string =>
  `uploads/${organizationId}/${importId}`;

export const toReportKey = ({ organizationId, importId }: ImportIds, reportId: string): string =>
  `reports/${organizationId}/${importId}/${reportId}.csv`;

export function parseUploadKey(key: string): ImportIds | undefined {
  const [, organizationId, importId] = /^uploads\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  return organizationId === undefined || importId === undefined
    ? undefined
    : { organizationId, importId };
}
