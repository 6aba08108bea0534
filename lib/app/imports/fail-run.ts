// Ends a run whose file can't be read any more. An earlier run may have died in the middle of a chunk: its tickets are
// written and were never booked. They are booked first, so that stock and progress are true and an undo finds all.
import { present } from '../../domain/assert.ts';
import type { Import, ImportIds, ImportRow, StopReason } from '../../domain/imports/import.ts';
import { sum } from '../../domain/money.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { ErasureStore } from '../erasure-ports.ts';
import type { ImportRowReader, ImportRunStore, ImportStore } from '../import-ports.ts';
import { type BuyerRow, type BuyersDeps, createBuyers } from './buyers.ts';
import { CHUNK_ROWS } from './import-chunk.ts';
import { OWN_OUTCOMES } from './list-rows.ts';

export interface FailDeps extends BuyersDeps {
  readonly imports: ImportStore;
  readonly run: ImportRunStore;
  readonly rows: ImportRowReader;
  readonly contacts: BuyersDeps['contacts'] & Pick<ContactStore, 'findAll'>;
  readonly erasures: Pick<ErasureStore, 'listErased'>;
}

/** What was imported stays; what a chunk had reserved is given back. A repeat changes nothing. */
export async function failRun(
  deps: FailDeps,
  ids: ImportIds,
  stopReason: StopReason,
): Promise<void> {
  const current = await deps.imports.find(ids);
  if (current?.status !== 'RUNNING') return;
  const { tickets, rows } = current.dryRun === true ? NOTHING : await findUnbooked(deps, current);
  const buyers = await linkBuyers(deps, current, tickets);
  const { counts, rowsProcessed, reservation: _used, ...rest } = current;
  const countOf = (outcome: ImportRow['outcome']): number =>
    rows.filter((row) => row.outcome === outcome).length;
  const accounted = {
    tickets: counts.tickets + tickets.length,
    duplicates: counts.duplicates + countOf('duplicate'),
    rejected: counts.rejected + countOf('rejected'),
    blank: counts.blank + countOf('blank'),
  };
  const rowsDone = sum(Object.values(accounted));
  const lastRow = Math.max(rowsProcessed, ...rows.map(({ row }) => row), ...tickets.map(toRow));
  const rowsTotal = Math.max(current.rowsTotal, lastRow);
  const failed: Import = {
    ...rest,
    status: 'FAILED',
    stopReason,
    sequence: current.sequence + 1,
    rowsProcessed: lastRow,
    rowsTotal,
    counts: {
      ...accounted,
      notImported: rowsTotal - rowsDone,
      contactsCreated: counts.contactsCreated + buyers.contactsCreated,
      contactsTotal: counts.contactsTotal + buyers.contactsTotal,
    },
  };
  const paidMinor = sum(tickets.map(({ priceMinor = 0 }) => priceMinor));
  const done = { created: countTypes(tickets), paidMinor, nowMs: deps.clock() };
  await deps.run.commitChunk(current, failed, done);
}

const toRow = ({ importRow }: Ticket): number =>
  present(importRow, 'a ticket of an import has a row');

function countTypes(tickets: readonly Ticket[]): ReadonlyMap<number, number> {
  const created = new Map<number, number>();
  for (const { ticketTypeId } of tickets) {
    created.set(ticketTypeId, (created.get(ticketTypeId) ?? 0) + 1);
  }
  return created;
}

interface Unbooked {
  /** In row order. */
  readonly tickets: readonly Ticket[];
  readonly rows: readonly ImportRow[];
}
const NOTHING: Unbooked = { tickets: [], rows: [] };

/**
 * What lies behind the last booked row: of one chunk at most. The index may lag, but a chunk is taken up again only
 * when its queue message comes back, minutes after the run that died.
 */
async function findUnbooked({ rows, run }: FailDeps, current: Import): Promise<Unbooked> {
  const { rowsProcessed } = current;
  const blocks = await run.loadBlocks(current);
  // No run came so far that it claimed ids.
  if (blocks.size === 0) return NOTHING;
  const tickets: Ticket[] = [];
  for (let after: number | undefined = rowsProcessed; after !== undefined;) {
    const page: Awaited<ReturnType<ImportRowReader['listTickets']>> = await rows.listTickets(
      current,
      { after, limit: CHUNK_ROWS },
    );
    tickets.push(...page.tickets);
    after = page.nextRow;
  }
  const range = { after: rowsProcessed, upTo: rowsProcessed + CHUNK_ROWS, limit: CHUNK_ROWS };
  return { tickets, rows: await rows.listRows(current, OWN_OUTCOMES, range) };
}

/** Contacts asked for at once. */
const CONTACTS_AT_ONCE = 100;

/**
 * As the chunk would have done. With the file the addresses are gone: who has no contact yet gets none, and their
 * tickets are one order all the same.
 */
async function linkBuyers(deps: FailDeps, current: Import, tickets: readonly Ticket[]) {
  const { organizationId } = current;
  const known = await findContacts(deps, organizationId, tickets);
  const erased = await deps.erasures.listErased(organizationId);
  const linked: BuyerRow[] = [];
  const orders = new Map<string, number>();
  const orderOf = new Map<BuyerRow, number>();
  for (const ticket of tickets) {
    const { contactId, barcode, eventTicketId, ticketTypeId, holderName } = ticket;
    if (contactId === undefined) continue;
    const email = known.get(contactId)?.email;
    if (email !== undefined) {
      const draft = { barcode, ticketTypeId, email, ...(holderName && { holderName }) };
      const row = { row: toRow(ticket), eventTicketId, draft };
      linked.push(row);
      orderOf.set(row, present(ticket.orderId, 'a ticket of an import has an order'));
    } else if (erased.has(contactId)) {
      await deps.run.forgetHolder({ ...ticket, ...current, importRow: toRow(ticket) });
    } else {
      const orderId = orders.get(contactId) ?? eventTicketId;
      orders.set(contactId, orderId);
      if (orderId !== ticket.orderId) {
        await deps.run.setOrder(organizationId, barcode, { eventTicketId, orderId });
      }
    }
  }
  const { link } = await createBuyers(deps, organizationId);
  return link(current, linked, (row) => ({
    orderId: present(orderOf.get(row), 'of a row that is linked'),
  }));
}

async function findContacts(
  { contacts }: FailDeps,
  organizationId: string,
  tickets: readonly Ticket[],
) {
  const contactIds = [...new Set(tickets.flatMap(({ contactId }) => contactId ?? []))];
  const found = new Map<string, { readonly email: string }>();
  for (let at = 0; at < contactIds.length; at += CONTACTS_AT_ONCE) {
    const some = contactIds.slice(at, at + CONTACTS_AT_ONCE);
    for (const each of await contacts.findAll(organizationId, some)) found.set(...each);
  }
  return found;
}
