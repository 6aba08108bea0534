// Making, reading, starting and listing imports.
import * as z from 'zod';
import { createImport, type CreateImportDeps } from '../../../app/imports/create-import.ts';
import { startImport, type StartDeps } from '../../../app/imports/start-import.ts';
import type { EventStore } from '../../../app/event-ports.ts';
import type { ImportStore } from '../../../app/import-ports.ts';
import { FIXES } from '../../../domain/imports/fixes.ts';
import { OVER_CAPACITY } from '../../../domain/imports/import.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $NumericId, $PageQuery } from '../../schemas.ts';
import {
  $Import,
  $ImportId,
  $ImportListed,
  $Mapping,
  toImportBody,
  toImportSummary,
} from './bodies.ts';

const SHARED = { family: 'imports', scope: 'organizer' } as const;
const FILE_NAME_CHARACTERS_MAX = 255;

const postContract = {
  ...SHARED,
  operationId: 'createImport',
  method: 'POST',
  path: '/v1/events/{eventId}/imports',
  summary:
    'Create an import and get the form with which its file is uploaded (POST, multipart/form-data, at most 256 MiB).',
  params: z.strictObject({ eventId: $ClientId }),
  body: z.strictObject({
    fileName: z.string().min(1).max(FILE_NAME_CHARACTERS_MAX),
    overCapacity: z.enum(OVER_CAPACITY),
    ticketTypeId: z.optional($NumericId),
    autoStart: z.boolean().default(false),
    mapping: $Mapping.optional(),
    dryRun: z.boolean().default(false),
  }),
  success: 201,
  response: z.object({
    importId: z.string(),
    status: z.literal('AWAITING_UPLOAD'),
    upload: z.object({ url: z.string(), fields: z.record(z.string(), z.string()) }),
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

const postImport = defineRoute(
  postContract,
  async (deps: CreateImportDeps, { actor, params, body, nowMs }) => {
    const { fileName, overCapacity, ticketTypeId, autoStart, mapping, dryRun } = body;
    const created = await createImport(deps, {
      organizationId: actor.organizationId,
      eventId: params.eventId,
      nowMs,
      wanted: { fileName, overCapacity, ticketTypeId, autoStart, mapping, dryRun },
    });
    if (!created.ok) return created;
    const { made, upload } = created.value;
    const { url, fields } = upload;
    return ok({
      importId: made.importId,
      status: 'AWAITING_UPLOAD' as const,
      upload: { url, fields: { ...fields } },
    });
  },
);

const listContract = {
  ...SHARED,
  operationId: 'listImports',
  method: 'GET',
  path: '/v1/events/{eventId}/imports',
  summary: 'List the previous imports of an event, newest first.',
  params: z.strictObject({ eventId: $ClientId }),
  query: $PageQuery,
  success: 200,
  response: z.object({ items: z.array($ImportListed), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

/** An importId: the list is sorted by it. */
const POSITION = /^imp_[0-9A-Z]{26}$/;

interface ReadDeps {
  readonly imports: ImportStore;
  readonly events: EventStore;
}

const listImports = defineRoute(listContract, async (deps: ReadDeps, { actor, params, query }) => {
  const page = parsePage(query, POSITION);
  if (!page.ok) return page;
  const ids = { organizationId: actor.organizationId, eventId: params.eventId };
  if ((await deps.events.find(ids.organizationId, ids.eventId)) === undefined) {
    return refuse('not_found');
  }
  return ok(toPageBody(await deps.imports.list(ids, page.value), toImportSummary));
});

const getContract = {
  ...SHARED,
  operationId: 'getImport',
  method: 'GET',
  path: '/v1/imports/{importId}',
  summary: 'Read an import: its mapping, preview, warnings and progress.',
  params: z.strictObject({ importId: $ImportId }),
  success: 200,
  response: $Import,
  refusals: ['not_found'],
} as const satisfies Contract;

const getImport = defineRoute(
  getContract,
  async ({ imports }: Pick<ReadDeps, 'imports'>, { actor, params }) => {
    const ids = { organizationId: actor.organizationId, importId: params.importId };
    const [found, analysis] = await Promise.all([imports.find(ids), imports.findAnalysis(ids)]);
    return found === undefined ? refuse('not_found') : ok(toImportBody(found, analysis));
  },
);

const startContract = {
  ...SHARED,
  operationId: 'startImport',
  method: 'POST',
  path: '/v1/imports/{importId}/start',
  summary:
    'Start an analyzed import with its mapping or a changed one, for real or as a dry run; or continue one that stopped when the event was sold out.',
  params: z.strictObject({ importId: $ImportId }),
  body: z.strictObject({
    mapping: $Mapping.optional(),
    fixes: z.array(z.enum(FIXES)).max(FIXES.length).optional(),
    dryRun: z.boolean().optional(),
  }),
  success: 202,
  response: $Import,
  refusals: ['not_found', 'import_not_startable'],
} as const satisfies Contract;

const postStart = defineRoute(
  startContract,
  async (deps: StartDeps, { actor, params, body, nowMs }) => {
    const ids = { organizationId: actor.organizationId, importId: params.importId };
    const started = await startImport(deps, { ids, wanted: body, nowMs });
    if (!started.ok) return started;
    return ok(toImportBody(started.value, await deps.imports.findAnalysis(ids)));
  },
);

export const importRoutes = [postImport, listImports, getImport, postStart];
