// CSV files of an event: its barcodes for another organization, its orders, its tickets.
import * as z from 'zod';
import {
  type FindBarcodesDeps,
  findBarcodeExportUrl,
  requestBarcodeExport,
  type RequestBarcodesDeps,
} from '../../../app/exports/export-barcodes.ts';
import {
  findExportUrl,
  type FindUrlDeps,
  requestExport,
  type RequestDeps,
} from '../../../app/exports/request-export.ts';
import { EXPORT_WARNINGS } from '../../../domain/barcode-export.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';

const SHARED = {
  family: 'imports',
  scope: 'organizer',
  params: z.strictObject({ eventId: $ClientId }),
} as const;
/** `secureSwapOn`: a swap may replace a barcode at any time, and the file's receiver isn't told. */
const $Warnings = z.array(z.enum(EXPORT_WARNINGS));
const $Requested = z.object({ eventId: z.string(), exportId: z.string(), raw: z.boolean() });

const POST = {
  ...SHARED,
  method: 'POST',
  body: z.strictObject({ raw: z.boolean().default(false) }),
  success: 202,
  response: $Requested,
  refusals: ['not_found'],
} as const;
const GET = {
  ...SHARED,
  method: 'GET',
  success: 200,
  response: z.object({ url: z.string() }),
  refusals: ['not_found', 'report_not_ready'],
} as const;
const ESCAPES =
  'Cells that a spreadsheet would run are escaped, in a column named …-escaped, unless raw is true.';

const postBarcodesContract = {
  ...POST,
  operationId: 'requestBarcodesExport',
  path: '/v1/events/{eventId}/barcodes-export',
  summary: `Ask for a CSV of the barcodes that admit, which another organization can import. ${ESCAPES}`,
  response: $Requested.extend({ warnings: $Warnings }),
} as const satisfies Contract;

const postBarcodes = defineRoute(
  postBarcodesContract,
  async (deps: RequestBarcodesDeps, { actor, params: { eventId }, body, nowMs }) => {
    const { organizationId } = actor;
    const asked = await requestBarcodeExport(deps, { organizationId, eventId, ...body, nowMs });
    return asked.ok ? ok({ ...asked.value.requested, warnings: asked.value.warnings }) : asked;
  },
);

const getBarcodesContract = {
  ...GET,
  operationId: 'getBarcodesExport',
  path: '/v1/events/{eventId}/barcodes-export',
  summary: 'Get a link to the barcodes export that was asked for last; good for 15 minutes.',
  response: z.object({ url: z.string(), warnings: $Warnings }),
} as const satisfies Contract;

const getBarcodes = defineRoute(
  getBarcodesContract,
  async (deps: FindBarcodesDeps, { actor, params: { eventId }, nowMs }) =>
    findBarcodeExportUrl(deps, { organizationId: actor.organizationId, eventId, nowMs }),
);

function toExportRoutes(
  content: 'orders' | 'tickets',
  told: {
    readonly post: { readonly operationId: string; readonly summary: string };
    readonly get: { readonly operationId: string; readonly summary: string };
  },
) {
  const path = `/v1/events/{eventId}/${content}-export` as const;
  const post = defineRoute(
    { ...POST, ...told.post, path } satisfies Contract,
    async (deps: RequestDeps, { actor, params: { eventId }, body, nowMs }) => {
      const { organizationId } = actor;
      return requestExport(deps, { organizationId, eventId, content, ...body, nowMs });
    },
  );
  const get = defineRoute(
    { ...GET, ...told.get, path } satisfies Contract,
    async (deps: FindUrlDeps, { actor, params: { eventId }, nowMs }) =>
      findExportUrl(deps, { organizationId: actor.organizationId, eventId, content, nowMs }),
  );
  return [post, get] as const;
}

export const exportRoutes = [
  postBarcodes,
  getBarcodes,
  ...toExportRoutes('orders', {
    post: {
      operationId: 'requestOrdersExport',
      summary: `Ask for a CSV with a row for each order of an event, by id, with its money, buyer and payment types. ${ESCAPES}`,
    },
    get: {
      operationId: 'getOrdersExport',
      summary: 'Get a link to the orders export that was asked for last; good for 15 minutes.',
    },
  }),
  ...toExportRoutes('tickets', {
    post: {
      operationId: 'requestTicketsExport',
      summary: `Ask for a CSV with a row for each ticket of an event, by id, whatever became of it. ${ESCAPES}`,
    },
    get: {
      operationId: 'getTicketsExport',
      summary: 'Get a link to the tickets export that was asked for last; good for 15 minutes.',
    },
  }),
];
