// The buyers of an import: one contact for each address and one order for each buyer. An imported order has no item
// of its own: it is its tickets, and its id is the id of its first ticket in file order. A row without an address is
// an order by itself.
import pMap from 'p-map';
import { normalizeEmail, toContactId } from '../../domain/contact.ts';
import type { Import } from '../../domain/imports/import.ts';
import type { TicketDraft } from '../../domain/imports/rows.ts';
import type { ContactStore, RegisteredBuyer } from '../contact-ports.ts';
import type { ImportRunStore } from '../import-ports.ts';

/** Addresses whose order a run remembers; one that it has forgotten is asked for again. About 10 MB. */
const REMEMBERED_MAX = 50_000;

export interface BuyersDeps {
  readonly contacts: Pick<ContactStore, 'registerBuyer' | 'loadSecret'>;
  readonly run: Pick<ImportRunStore, 'setOrder' | 'parallel'>;
  readonly clock: () => number;
}

/** A draft of a chunk with its place. */
export interface BuyerRow {
  readonly row: number;
  readonly eventTicketId: number;
  readonly draft: TicketDraft;
}

export interface Buyers {
  /** Order and contact that the tickets of a chunk are first written with; `rows` are all drafts of the chunk. */
  readonly plan: (
    rows: readonly BuyerRow[],
  ) => (row: BuyerRow) => { readonly orderId: number; readonly contactId?: string };
  /**
   * Makes the missing contacts of the tickets that were created, in file order, and puts right the order of a ticket
   * that another one precedes. Repeated it ends in the same orders and the same counts.
   */
  readonly link: (
    current: Import,
    created: readonly BuyerRow[],
    planned: (row: BuyerRow) => { readonly orderId: number },
  ) => Promise<{ readonly contactsCreated: number; readonly contactsTotal: number }>;
}

export async function createBuyers(deps: BuyersDeps, organizationId: string): Promise<Buyers> {
  const secret = await deps.contacts.loadSecret(organizationId);
  const orders = new Map<string, number>();
  const addressOf = ({ draft }: BuyerRow): string | undefined =>
    draft.email === undefined ? undefined : normalizeEmail(draft.email);

  return {
    plan(rows) {
      const firsts = new Map<string, number>();
      for (const row of rows) {
        const address = addressOf(row);
        if (address !== undefined && !firsts.has(address)) firsts.set(address, row.eventTicketId);
      }
      return (row) => {
        const address = addressOf(row);
        if (address === undefined) return { orderId: row.eventTicketId };
        const orderId = orders.get(address) ?? firsts.get(address) ?? row.eventTicketId;
        return { orderId, contactId: toContactId(address, secret) };
      };
    },

    async link(current, created, planned) {
      const groups = new Map<string, BuyerRow[]>();
      for (const row of created) {
        const address = addressOf(row);
        if (address === undefined || orders.has(address)) continue;
        groups.set(address, [...(groups.get(address) ?? []), row]);
      }
      const linked = await pMap(
        groups,
        async ([address, group]) => {
          const contactId = toContactId(address, secret);
          const registered = await register(deps, current, contactId, group);
          const misplaced = group.filter((row) => planned(row).orderId !== registered.orderId);
          for (const { eventTicketId, draft } of misplaced) {
            const order = { eventTicketId, orderId: registered.orderId };
            await deps.run.setOrder(current.organizationId, draft.barcode, order);
          }
          remember(orders, address, registered.orderId);
          return registered;
        },
        { concurrency: deps.run.parallel },
      );
      return toCounts(current, created, linked);
    },
  };
}

/** An order that began in this chunk is counted with it, however often the chunk is repeated. */
function toCounts(
  { importId, rowsProcessed }: Import,
  created: readonly BuyerRow[],
  linked: readonly RegisteredBuyer[],
) {
  const firstId = created[0]?.eventTicketId ?? Infinity;
  const begun = linked.filter(({ orderId }) => orderId >= firstId);
  const own = begun.filter(
    ({ madeBy }) => madeBy.source === importId && madeBy.row > rowsProcessed,
  );
  return { contactsCreated: own.length, contactsTotal: begun.length };
}

function register(
  { contacts, clock }: BuyersDeps,
  { organizationId, importId }: Import,
  contactId: string,
  group: readonly BuyerRow[],
) {
  const [first] = group;
  if (first === undefined) throw new Error('a group has a row');
  const { email = '', holderName } = first.draft;
  return contacts.registerBuyer({
    organizationId,
    contactId,
    email,
    ...(holderName === undefined ? {} : { name: holderName }),
    source: importId,
    row: first.row,
    orderId: first.eventTicketId,
    nowMs: clock(),
  });
}

function remember(orders: Map<string, number>, address: string, orderId: number): void {
  if (orders.size >= REMEMBERED_MAX) orders.clear();
  orders.set(address, orderId);
}
