// Undoes an import: asked for here, done by a worker in the order of the rows. A group of tickets goes in one
// transaction with their places and the import's account, so a death anywhere leaves nothing to make good; a ticket
// that may not go any more stays and is named. Then their buyers: a contact goes if nothing else refers to it.
import { assert, present } from '../../domain/assert.ts';
import { type Import, type ImportIds, TRANSITIONS } from '../../domain/imports/import.ts';
import {
  account,
  accountBuyers,
  endPass,
  findStayReason,
  toUndoStart,
  type UndoState,
} from '../../domain/imports/undo.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ImportQueue, ImportStore } from '../import-ports.ts';
import type { UndoStore } from '../undo-ports.ts';

/** Refuses `not_found` and `import_not_undoable`. Asked again it changes nothing, or tries what stayed once more. */
export async function requestUndo(
  deps: { readonly imports: ImportStore },
  input: { readonly ids: ImportIds; readonly nowMs: number },
): Promise<Result<Import>> {
  const found = await deps.imports.find(input.ids);
  if (found === undefined) return refuse('not_found');
  const { stopReason: _over, report: _outdated, ...rest } = found;
  if (found.status === 'UNDOING' || found.status === 'UNDONE') return ok(found);
  const hasNothing =
    found.status === 'FAILED' && (found.dryRun === true || found.counts.tickets === 0);
  if (hasNothing || !TRANSITIONS.undo.from.some((status) => status === found.status)) {
    return refuse('import_not_undoable', { detail: `The import is ${found.status}.` });
  }
  const undo = toUndoStart(found.counts.tickets, found.undo);
  const undoing: Import = { ...rest, status: 'UNDOING', undo };
  if (await deps.imports.commitStart(found, undoing, input.nowMs)) return ok(undoing);
  // Somebody else changed it in between: judge what it is now.
  return requestUndo(deps, input);
}

export interface UndoDeps {
  readonly imports: ImportStore;
  readonly undo: UndoStore;
  readonly queue: ImportQueue;
  readonly clock: () => number;
  /** PAGE_TICKETS and GROUP_TICKETS unless a test takes less. */
  readonly pageTickets?: number;
  readonly groupTickets?: number;
}

/** Tickets read at once. */
const PAGE_TICKETS = 1_000;
/**
 * Tickets of one transaction: with a note, a type and a buyer of its own for each, 98 of the 100 items that it may
 * have. The event's stock is written once for all of them, because one item takes few transactions a second.
 */
const GROUP_TICKETS = 24;

/** Answers when the import is undone or another run goes on with it. */
export async function runUndo(deps: UndoDeps, ids: ImportIds, deadlineMs: number): Promise<void> {
  let current = await deps.imports.find(ids);
  while (current?.status === 'UNDOING') {
    const { pass, ticketsDone } = toState(current);
    current =
      ticketsDone === true ? await undoBuyers(deps, current) : await undoPage(deps, current);
    if (current?.status !== 'UNDOING') return;
    if (deps.clock() >= deadlineMs || toState(current).pass > pass) {
      const { organizationId, importId } = current;
      return deps.queue.send([{ type: 'import.run', organizationId, importId }]);
    }
  }
}

const toState = ({ undo }: Import): UndoState => present(undo, 'an import being undone');

/** The import as it was booked last, or undefined when another run works on it. */
async function undoPage(deps: UndoDeps, current: Import): Promise<Import | undefined> {
  const { row } = toState(current);
  const { pageTickets = PAGE_TICKETS, groupTickets = GROUP_TICKETS } = deps;
  const page = await deps.undo.listTickets(current, { after: row, limit: pageTickets });
  let done: Done | undefined = { booked: current, undo: toState(current) };
  for (let start = 0; start < page.tickets.length; start += groupTickets) {
    done = await undoGroup(deps, done, page.tickets.slice(start, start + groupTickets));
    if (done === undefined) return undefined;
  }
  const { booked, undo } = done;
  if (page.nextRow !== undefined) {
    return book(deps, booked, { ...booked, undo: { ...undo, row: page.nextRow } });
  }
  const end = endPass(undo, await deps.undo.countDeleted(current));
  const next: UndoState = end.as === 'again' ? end.undo : { ...end.undo, ticketsDone: true };
  return book(deps, booked, { ...booked, undo: next });
}

/** The buyers of the tickets that went, some at a time, and then the end. */
async function undoBuyers(deps: UndoDeps, current: Import): Promise<Import | undefined> {
  const undo = toState(current);
  const buyers = await deps.undo.listBuyers(current);
  if (buyers.length === 0) {
    // A ticket may have been deleted on its own since: then the account is made once more.
    const end = endPass(undo, await deps.undo.countDeleted(current));
    const status = end.as === 'again' ? 'UNDOING' : end.as;
    return book(deps, current, { ...current, status, undo: end.undo });
  }
  const sequence = current.sequence + 1;
  const next = { ...current, sequence, undo: accountBuyers(undo, buyers) };
  const change = { buyers, nowMs: deps.clock() };
  const result = await deps.undo.commitBuyers(current, next, change);
  if (result === 'lost') return undefined;
  // Changed: it is judged again as it is now.
  return result === 'committed' ? next : current;
}

/** The import as it lies in the table, and its account, which may be ahead by tickets that stay. */
interface Done {
  readonly booked: Import;
  readonly undo: UndoState;
}

/** Each try follows another writer's change to one of the tickets. */
const TRIES_MAX = 4 * GROUP_TICKETS;

async function undoGroup(
  deps: UndoDeps,
  { booked, undo }: Done,
  group: readonly Ticket[],
): Promise<Done | undefined> {
  const row = present(group.at(-1)?.importRow, 'a ticket of an import has a row');
  let open = group;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const nowMs = deps.clock();
    const reasons = open.map((ticket) => findStayReason(ticket, nowMs));
    const gone = open.filter((_ticket, index) => reasons[index] === undefined);
    const next = account(undo, {
      row,
      gone: gone.length,
      reasons: reasons.filter((reason) => reason !== undefined),
    });
    if (gone.length === 0) return { booked, undo: next };
    const after = { ...booked, sequence: booked.sequence + 1, undo: next };
    const result = await deps.undo.commit(booked, after, { gone, nowMs });
    if (result.as !== 'changed') {
      return result.as === 'committed' ? { booked: after, undo: next } : undefined;
    }
    const { ticket, now } = result;
    open = open.flatMap((each) => (each === ticket ? (now === undefined ? [] : [now]) : [each]));
  }
  assert(false, 'the tickets of a group change all the time');
}

async function book(deps: UndoDeps, before: Import, after: Import): Promise<Import | undefined> {
  const next = { ...after, sequence: before.sequence + 1 };
  const result = await deps.undo.commit(before, next, { gone: [], nowMs: deps.clock() });
  return result.as === 'committed' ? next : undefined;
}
