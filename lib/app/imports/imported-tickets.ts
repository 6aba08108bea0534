// The single importer, and deleting an imported ticket that was never admitted: a code can be tried on a test event.
import { present } from '../../domain/assert.ts';
import { ID_BLOCK_SIZE, toIdBlock, toNumericId } from '../../domain/ids.ts';
import { findBarcodeFault } from '../../domain/barcode.ts';
import { toContactId, toTicketSource } from '../../domain/contact.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { type Ticket, toHolderName } from '../../domain/ticket.ts';
import type { Buyer, ContactStore } from '../contact-ports.ts';
import type { ErasureStore } from '../erasure-ports.ts';
import type { EventStore } from '../event-ports.ts';
import type { ImportedTicketStore } from '../import-ports.ts';
import type { TicketStore } from '../ticket-ports.ts';

export interface ImportTicketDeps {
  readonly events: EventStore;
  readonly importedTickets: ImportedTicketStore;
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly erasures: Pick<ErasureStore, 'isErased'>;
}

export interface TicketToImport {
  readonly barcode: string;
  readonly ticketTypeId: number | undefined;
  readonly holder:
    | { readonly name?: string | undefined; readonly email?: string | undefined }
    | undefined;
  readonly createWhenSoldOut: boolean;
}

export interface TicketWithCurrency {
  readonly ticket: Ticket;
  readonly currency: string;
}

/** Tries of an id block; each is another millisecond. */
const ID_TRIES_MAX = 50;

interface ImportTicketInput {
  readonly organizationId: string;
  readonly eventId: string;
  readonly nowMs: number;
  readonly wanted: TicketToImport;
}

/** Refuses `not_found`, `validation_failed`, `barcode_exists`, `sold_out` and `unavailable`. */
export async function importTicket(
  deps: ImportTicketDeps,
  input: ImportTicketInput,
): Promise<Result<TicketWithCurrency>> {
  const { organizationId, eventId, nowMs, wanted } = input;
  const found = await deps.events.find(organizationId, eventId);
  if (found === undefined) return refuse('not_found');
  const types = await deps.events.listTicketTypes(organizationId, eventId);
  const known = types.map(({ type }) => type.ticketTypeId);
  const [only, ...more] = known;
  const ticketTypeId = wanted.ticketTypeId ?? (more.length === 0 ? only : undefined);
  const errors = [];
  const fault = findBarcodeFault(wanted.barcode);
  if (fault !== undefined) errors.push({ pointer: '/barcode', detail: fault });
  if (ticketTypeId === undefined || !known.includes(ticketTypeId)) {
    errors.push({ pointer: '/ticketTypeId', detail: 'must be a ticket type of this event' });
  }
  if (errors.length > 0) return refuse('validation_failed', { errors });
  const holder = await findHolder(deps, organizationId, wanted.holder);
  for (let tries = 0; tries < ID_TRIES_MAX; tries += 1) {
    const ticket = toSingleTicket(input, {
      block: toIdBlock(nowMs + tries),
      ticketTypeId: present(ticketTypeId, 'checked above'),
      holder,
    });
    const beyondCapacity = wanted.createWhenSoldOut;
    const buyer = toBuyer(ticket, holder.email, nowMs);
    const outcome = await deps.importedTickets.create(ticket, { beyondCapacity, buyer });
    if (outcome === 'created') return ok({ ticket, currency: found.event.currency });
    if (outcome === 'busy') break;
    if (outcome !== 'id_taken') return refuse(outcome);
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

function toSingleTicket(
  { organizationId, eventId, nowMs, wanted }: ImportTicketInput,
  of: {
    readonly block: number;
    readonly ticketTypeId: number;
    readonly holder: Holder;
  },
): Ticket {
  // Any place of the own block will do; this one spreads single tickets over the shards of the event's list.
  const eventTicketId = toNumericId(of.block, of.block % ID_BLOCK_SIZE);
  const { contactId } = of.holder;
  const holderName = toHolderName(of.holder.name?.trim() ?? '');
  return {
    organizationId,
    eventId,
    barcode: wanted.barcode,
    eventTicketId,
    orderId: eventTicketId,
    ...(contactId === undefined ? {} : { contactId }),
    ticketTypeId: of.ticketTypeId,
    origin: 'IMPORTED',
    standing: 'ACTIVE',
    payment: 'SETTLED',
    ...(holderName === '' ? {} : { holderName }),
    checkedIn: false,
    inside: false,
    admissions: 0,
    scanMarks: [],
    createdAtMs: nowMs,
  };
}

interface Holder {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly contactId?: string;
}

/** Nobody, if it is somebody who was erased: only a sale brings a person back. */
async function findHolder(
  { contacts, erasures }: Pick<ImportTicketDeps, 'contacts' | 'erasures'>,
  organizationId: string,
  wanted: TicketToImport['holder'] = {},
): Promise<Holder> {
  if (wanted.email === undefined) return wanted;
  const contactId = toContactId(wanted.email, await contacts.loadSecret(organizationId));
  if (await erasures.isErased({ organizationId, contactId })) return {};
  return { ...wanted, contactId };
}

/** A ticket with an address makes the contact, like a row of an import; the ticket is an order by itself. */
const toBuyer = (ticket: Ticket, email: string | undefined, nowMs: number): Buyer | undefined =>
  ticket.contactId === undefined || email === undefined
    ? undefined
    : {
        organizationId: ticket.organizationId,
        contactId: ticket.contactId,
        email,
        ...(ticket.holderName === undefined ? {} : { name: ticket.holderName }),
        source: toTicketSource(ticket.eventTicketId),
        row: 0,
        orderId: ticket.eventTicketId,
        nowMs,
      };

/** Refuses `not_found`, `not_deletable` and `unavailable`. */
export async function deleteTicket(
  deps: { readonly tickets: TicketStore; readonly importedTickets: ImportedTicketStore },
  input: {
    readonly organizationId: string;
    readonly eventTicketId: number;
    readonly nowMs: number;
  },
): Promise<Result<undefined>> {
  const ticket = await deps.tickets.find(input.organizationId, input.eventTicketId);
  if (ticket === undefined) return refuse('not_found');
  const outcome = await deps.importedTickets.remove(ticket, input.nowMs);
  switch (outcome) {
    case 'removed':
      return ok(undefined);
    case 'not_deletable':
      return refuse('not_deletable');
    case 'busy':
      return refuse('unavailable', { retryAfterSeconds: 1 });
  }
}
