// Erasing a contact (product.md section 11): at once it is gone for everybody, and a worker takes the person out of
// everything else. Each step can be repeated, so a death anywhere costs another pass; the last pass begins when nothing
// can be under way any more that began before the erasure.
import { redactCells } from '../domain/imports/redact.ts';
import { type Result, ok, refuse } from '../domain/result.ts';
import type { ContactIds, ContactTraces, Erasure, ErasureStore } from './erasure-ports.ts';
import { eraseExports, type EraseExportsDeps } from './erase-exports.ts';
import { eraseImports, type EraseImportsDeps } from './erase-imports.ts';
import type { ImportStore } from './import-ports.ts';

/** Longer than any function of ours runs (5 min): a chunk or a report that began before the erasure has ended. */
const SETTLED_MS = 6 * 60_000;
/** A pass that died is followed by another one after this time. */
export const PASS_MS_MAX = 5 * 60_000;

/** Refuses `not_found`. Asked again it tells how far it is. */
export async function requestErasure(
  { erasures }: { readonly erasures: Pick<ErasureStore, 'begin' | 'find'> },
  input: { readonly ids: ContactIds; readonly nowMs: number },
): Promise<Result<Erasure>> {
  const { ids, nowMs } = input;
  if (await erasures.begin(ids, nowMs)) return ok({ ...ids, erasedAtMs: nowMs, completed: false });
  const erasure = await erasures.find(ids);
  return erasure === undefined ? refuse('not_found') : ok(erasure);
}

export interface EraseDeps extends EraseImportsDeps, EraseExportsDeps {
  readonly erasures: ErasureStore;
  readonly objects: EraseImportsDeps['objects'];
  readonly imports: EraseImportsDeps['imports'] & Pick<ImportStore, 'find'>;
  readonly clock: () => number;
}

/** One pass over all that is stored of the contact; a repeated message does another one, or nothing. */
export async function eraseContact(deps: EraseDeps, ids: ContactIds): Promise<void> {
  const erasure = await deps.erasures.find(ids);
  if (erasure === undefined || erasure.completed) return;
  const settledMs = erasure.erasedAtMs + SETTLED_MS;
  const isLast = deps.clock() >= settledMs;
  const traces = await deps.erasures.loadTraces(ids);
  const { contact } = traces;
  if (contact !== undefined && !isSale(contact.madeBy.source)) {
    await deps.erasures.removeContact(ids, contact.createdAtMs);
  }
  for (const orderId of traces.orderIds) await deps.erasures.eraseOrder(erasure, orderId);
  await deps.erasures.erasePayloads(ids);
  await eraseImports(deps, ids, toImportIds(traces));
  await eraseExports(deps, ids);
  const toRedact = async (importId: string) => {
    const found = await deps.imports.find({ ...ids, importId });
    const columns = found?.mapping?.columns ?? [];
    return (cells: readonly string[]) => redactCells(cells, { columns });
  };
  await deps.erasures.eraseRows(ids, { isLast, toRedact });
  if (isLast && (await deps.erasures.complete(erasure, traces))) return;
  await deps.erasures.postpone(erasure, Math.max(settledMs, deps.clock() + PASS_MS_MAX));
}

/** Of the sources that a contact remembers. */
const isSale = (source: string): boolean => source.startsWith('ord');
const isImport = (source: string): boolean => source.startsWith('imp_');

const toImportIds = ({ sources, imports }: ContactTraces): ReadonlySet<string> =>
  new Set([...sources.filter(isImport), ...imports]);
