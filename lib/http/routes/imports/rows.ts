// What came of an import: its rows, its tickets and its report.
import * as z from 'zod';
import type { EventStore } from '../../../app/event-ports.ts';
import type { ImportRowReader, ImportStore, ObjectStore } from '../../../app/import-ports.ts';
import { listRows, type RowDeps } from '../../../app/imports/list-rows.ts';
import { findReportUrl, requestReport } from '../../../app/imports/report.ts';
import { ROW_OUTCOMES } from '../../../domain/imports/import.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { toPageBody } from '../../pagination.ts';
import { $PageQuery } from '../../schemas.ts';
import { $Ticket, toTicketBody } from '../tickets/ticket-body.ts';
import { $ImportId, $Row } from './bodies.ts';
import { parseRange, toNext } from './row-range.ts';

const SHARED = { family: 'imports', scope: 'organizer' } as const;
const params = z.strictObject({ importId: $ImportId });

interface Deps extends RowDeps {
  readonly imports: ImportStore;
  readonly events: EventStore;
  readonly rows: ImportRowReader;
}

const rowsContract = {
  ...SHARED,
  operationId: 'listImportRows',
  method: 'GET',
  path: '/v1/imports/{importId}/rows',
  summary: 'List the rows of an import in file order, of all outcomes or of one.',
  params,
  query: z.strictObject({ ...$PageQuery.shape, outcome: z.enum(ROW_OUTCOMES).optional() }),
  success: 200,
  response: z.object({ items: z.array($Row), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

const getRows = defineRoute(
  rowsContract,
  async (deps: Deps, { actor, params: path, query, nowMs }) => {
    const range = parseRange(query);
    if (!range.ok) return range;
    const found = await deps.imports.find({ ...path, organizationId: actor.organizationId });
    if (found === undefined) return refuse('not_found');
    const { items, nextRow } = await listRows(deps, found, query.outcome, {
      ...range.value,
      nowMs,
    });
    return ok(
      toPageBody({ items, ...toNext(nextRow) }, ({ cells, ...row }) => ({
        ...row,
        ...(cells === undefined ? {} : { cells: [...cells] }),
      })),
    );
  },
);

const ticketsContract = {
  ...SHARED,
  operationId: 'listImportTickets',
  method: 'GET',
  path: '/v1/imports/{importId}/tickets',
  summary: 'List the tickets that an import made and still has, in file order, as they are now.',
  params,
  query: $PageQuery,
  success: 200,
  response: z.object({ items: z.array($Ticket), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

const getTickets = defineRoute(
  ticketsContract,
  async (deps: Deps, { actor, params: path, query }) => {
    const range = parseRange(query);
    if (!range.ok) return range;
    const found = await deps.imports.find({ ...path, organizationId: actor.organizationId });
    const event = found && (await deps.events.find(found.organizationId, found.eventId));
    if (found === undefined || event === undefined) return refuse('not_found');
    const { tickets, nextRow } = await deps.rows.listTickets(found, range.value);
    return ok(
      toPageBody({ items: tickets, ...toNext(nextRow) }, (ticket) =>
        toTicketBody(ticket, event.event.currency),
      ),
    );
  },
);

const $Report = z.object({ importId: z.string(), reportId: z.string() });

const postReportContract = {
  ...SHARED,
  operationId: 'requestImportReport',
  method: 'POST',
  path: '/v1/imports/{importId}/report',
  summary:
    'Ask for the report: every row, or with only "failed" the rejected ones in a form to repair and upload again.',
  params,
  body: z.strictObject({ only: z.literal('failed').optional() }),
  success: 202,
  response: $Report,
  refusals: ['not_found', 'report_not_ready'],
} as const satisfies Contract;

const postReport = defineRoute(
  postReportContract,
  async ({ imports }: Pick<Deps, 'imports'>, { actor, params: path, body, nowMs }) => {
    const ids = { ...path, organizationId: actor.organizationId };
    const report = await requestReport({ imports }, { ids, only: body.only, nowMs });
    return report.ok ? ok({ ...path, reportId: report.value.reportId }) : report;
  },
);

const getReportContract = {
  ...SHARED,
  operationId: 'getImportReport',
  method: 'GET',
  path: '/v1/imports/{importId}/report',
  summary: 'Get a link to the report that was asked for last; good for 15 minutes.',
  params,
  success: 200,
  response: z.object({ url: z.string() }),
  refusals: ['not_found', 'report_not_ready'],
} as const satisfies Contract;

const getReport = defineRoute(
  getReportContract,
  async (
    deps: { readonly imports: ImportStore; readonly objects: ObjectStore },
    { actor, params: path },
  ) => {
    const url = await findReportUrl(deps, { ...path, organizationId: actor.organizationId });
    return url.ok ? ok({ url: url.value }) : url;
  },
);

export const rowRoutes = [getRows, getTickets, postReport, getReport];
