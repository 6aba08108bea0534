// The barcodes of an event for another organization.
import * as z from 'zod';
import {
  findBarcodeExportUrl,
  requestBarcodeExport,
  type RequestDeps,
} from '../../../app/exports/export-barcodes.ts';
import type { ObjectStore } from '../../../app/import-ports.ts';
import { EXPORT_WARNINGS } from '../../../domain/barcode-export.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';

const SHARED = { family: 'imports', scope: 'organizer' } as const;
const path = '/v1/events/{eventId}/barcodes-export';
const params = z.strictObject({ eventId: $ClientId });
/** `secureSwapOn`: a swap may replace a barcode at any time, and the file's receiver isn't told. */
const $Warnings = z.array(z.enum(EXPORT_WARNINGS));

const postContract = {
  ...SHARED,
  operationId: 'requestBarcodesExport',
  method: 'POST',
  path,
  summary:
    'Ask for a CSV of the barcodes that admit, which another organization can import. Cells that a spreadsheet would run are escaped, in a column named …-escaped, unless raw is true.',
  params,
  body: z.strictObject({ raw: z.boolean().default(false) }),
  success: 202,
  response: z.object({
    eventId: z.string(),
    exportId: z.string(),
    raw: z.boolean(),
    warnings: $Warnings,
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

const postExport = defineRoute(
  postContract,
  async (deps: RequestDeps, { actor, params: { eventId }, body, nowMs }) => {
    const { organizationId } = actor;
    const asked = await requestBarcodeExport(deps, { organizationId, eventId, ...body, nowMs });
    if (!asked.ok) return asked;
    const { requested, warnings } = asked.value;
    return ok({ eventId, exportId: requested.exportId, raw: requested.raw, warnings });
  },
);

const getContract = {
  ...SHARED,
  operationId: 'getBarcodesExport',
  method: 'GET',
  path,
  summary: 'Get a link to the barcodes export that was asked for last; good for 15 minutes.',
  params,
  success: 200,
  response: z.object({ url: z.string(), warnings: $Warnings }),
  refusals: ['not_found', 'report_not_ready'],
} as const satisfies Contract;

const getExport = defineRoute(
  getContract,
  async (
    deps: RequestDeps & { readonly objects: ObjectStore },
    { actor, params: { eventId }, nowMs },
  ) => findBarcodeExportUrl(deps, { organizationId: actor.organizationId, eventId, nowMs }),
);

export const exportRoutes = [postExport, getExport];
