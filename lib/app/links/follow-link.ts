// A ticket got another barcode in its own organization: those who imported it follow, barcode by barcode up to the
// newest. What is true is read and not told, so messages may come late, twice and in any order.
import {
  isFollowed,
  findNext,
  type Link,
  type NextBarcode,
  toLinkedSwap,
} from '../../domain/links/linked-swap.ts';
import type { Origin } from '../../domain/links/origin-token.ts';
import { ID_BLOCK_SIZE, toNumericId } from '../../domain/ids.ts';
import { toScanDigest } from '../../domain/scan-mark.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { Clash } from '../door/ports.ts';
import { toTriedBlock } from '../ids.ts';
import type { LinkStore } from '../link-ports.ts';
import type { OrderStore } from '../order-ports.ts';

export interface FollowDeps {
  readonly links: LinkStore;
  readonly orders: Pick<OrderStore, 'load'>;
  readonly clock: () => number;
}

/** Each further try follows another writer's change of this very ticket; each further barcode takes one as well. */
const TRIES_MAX = 60;

/** Throws when a ticket changes all the time, after the other organizations were told: the message comes again. */
export async function followLinks(deps: FollowDeps, origin: Origin): Promise<void> {
  const failures: unknown[] = [];
  for (const link of await deps.links.list(origin)) {
    await followLink(deps, link).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function followLink(deps: FollowDeps, first: Link): Promise<void> {
  let link: Link | undefined = first;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const known: Link = link;
    const { origin, organizationId, barcode } = known;
    const ticket: Ticket | undefined = await deps.links.findBarcode(origin.organizationId, barcode);
    // Another ticket has the barcode of one that is gone: the link was never its.
    if (ticket === undefined || ticket.eventTicketId !== origin.eventTicketId) return;
    const next = findNext(ticket);
    if (next === undefined) return;
    if (await followOnce(deps, { link, next, tries })) {
      link = {
        origin: { ...origin, eventTicketId: next.eventTicketId },
        organizationId,
        barcode: next.barcode,
      };
    } else link = await findLink(deps, origin, organizationId);
    if (link === undefined) return;
  }
  throw new Error('a linked ticket changed at each of many tries to follow it');
}

/** Answers false when something else has changed the link or its ticket meanwhile. */
async function followOnce(
  { links, orders, clock }: FollowDeps,
  {
    link,
    next,
    tries,
  }: { readonly link: Link; readonly next: NextBarcode; readonly tries: number },
): Promise<boolean> {
  const { organizationId } = link;
  const nowMs = clock();
  const ticket = await links.findCurrent(organizationId, link.barcode);
  const existing = await findNewest(links, organizationId, next.barcode);
  if (!isFollowed(ticket)) {
    // An older export was imported after a newer one, or a chunk of it once more.
    if (existing?.isLinked === true) return links.advance(link, next, nowMs);
    await links.drop(link, ticket);
    return false;
  }
  // Never the id that it follows, even in the same millisecond.
  const position = Number(ticket.eventTicketId % ID_BLOCK_SIZE === 0);
  const eventTicketId = toNumericId(toTriedBlock(nowMs, tries), position);
  const swap = toLinkedSwap({ link, next, ticket, existing, made: { eventTicketId, nowMs } });
  const { orderId } = ticket;
  const order = orderId === undefined ? undefined : await orders.load(organizationId, orderId);
  return links.commit({ swap, order, clash: toClash(ticket, nowMs), nowMs });
}

/** The ticket that a barcode leads to by now: where it was resold on, who came in with an older one comes in as that. */
async function findNewest(
  links: Pick<LinkStore, 'findCurrent'>,
  organizationId: string,
  barcode: string,
): Promise<Ticket | undefined> {
  let ticket = await links.findCurrent(organizationId, barcode);
  // Ends, because each successor was made later than the one before.
  while (ticket?.successor !== undefined) {
    ticket = await links.findCurrent(organizationId, ticket.successor.barcode);
  }
  return ticket;
}

const findLink = async (
  { links }: FollowDeps,
  origin: Origin,
  organizationId: string,
): Promise<Link | undefined> =>
  (await links.list(origin)).find((link) => link.organizationId === organizationId);

/** Who came in with the retired barcode came before the news of its swap: the ledger names that admission. */
function toClash(ticket: Ticket, nowMs: number): Clash | undefined {
  const { organizationId, eventId, eventTicketId, ticketTypeId, lastAdmission } = ticket;
  if (ticket.admissions === 0 || lastAdmission === undefined) return undefined;
  // Without a scan of its own it has the admission from the barcode before, which was named then.
  if (ticket.scanMarks.length === 0) return undefined;
  return {
    organizationId,
    eventId,
    clashId: toScanDigest('swapped elsewhere', String(eventTicketId)),
    reason: 'SWAPPED',
    scan: lastAdmission,
    eventTicketId,
    ticketTypeId,
    reportedAtMs: nowMs,
  };
}
