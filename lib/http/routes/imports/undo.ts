// Undoing an import.
import * as z from 'zod';
import type { ImportStore } from '../../../app/import-ports.ts';
import { requestUndo } from '../../../app/imports/undo-import.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $Import, $ImportId, toImportBody } from './bodies.ts';

const undoContract = {
  family: 'imports',
  scope: 'organizer',
  operationId: 'undoImport',
  method: 'POST',
  path: '/v1/imports/{importId}/undo',
  summary:
    'Delete the tickets of an ended import, so that their barcodes are free again. What was admitted, held, sold, swapped, replaced or canceled stays; after UNDONE_PARTLY this tries what stayed once more.',
  params: z.strictObject({ importId: $ImportId }),
  success: 202,
  response: $Import,
  refusals: ['not_found', 'import_not_undoable'],
} as const satisfies Contract;

const postUndo = defineRoute(
  undoContract,
  async ({ imports }: { readonly imports: ImportStore }, { actor, params, nowMs }) => {
    const ids = { organizationId: actor.organizationId, importId: params.importId };
    const undoing = await requestUndo({ imports }, { ids, nowMs });
    if (!undoing.ok) return undoing;
    return ok(toImportBody(undoing.value, await imports.findAnalysis(ids)));
  },
);

export const undoRoutes = [postUndo];
