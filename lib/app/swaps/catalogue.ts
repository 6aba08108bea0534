// The events whose tickets TicketSwap may swap right now: SecureSwap is on and the event isn't over.
import type { Event, TicketType } from '../../domain/event.ts';
import { isOver } from '../../domain/swaps/resale.ts';
import type { EventStore } from '../event-ports.ts';
import type { OrganizationStore } from '../organization-ports.ts';

export interface CatalogueDeps {
  readonly events: Pick<EventStore, 'find' | 'list' | 'listTicketTypes'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
}

export interface CatalogueEvent {
  readonly event: Event;
  readonly types: readonly TicketType[];
}

/** The protocol knows no pages: what is told in one answer, and how far back events are looked at. */
const EVENTS_MAX = 200;
const EXAMINED_MAX = 2_000;
const PAGE_SIZE = 100;

export async function listCatalogue(
  deps: CatalogueDeps,
  organizationId: string,
  nowMs: number,
): Promise<readonly CatalogueEvent[]> {
  const organization = await deps.organizations.find(organizationId);
  if (organization?.secureSwap.enabled !== true) return [];
  const open: Event[] = [];
  let after: string | undefined;
  for (let examined = 0; examined < EXAMINED_MAX; examined += PAGE_SIZE) {
    const page = await deps.events.list(organizationId, { after, limit: PAGE_SIZE });
    open.push(...page.items.map(({ event }) => event).filter((event) => isOpen(event, nowMs)));
    after = page.next;
    if (after === undefined || open.length >= EVENTS_MAX) break;
  }
  const events: CatalogueEvent[] = [];
  for (const event of open.slice(0, EVENTS_MAX)) events.push(await toEntry(deps, event));
  return events;
}

export async function findCatalogueEvent(
  deps: CatalogueDeps,
  { organizationId, eventId }: { readonly organizationId: string; readonly eventId: string },
  nowMs: number,
): Promise<CatalogueEvent | undefined> {
  const [organization, found] = await Promise.all([
    deps.organizations.find(organizationId),
    deps.events.find(organizationId, eventId),
  ]);
  if (organization?.secureSwap.enabled !== true) return undefined;
  if (found === undefined || !isOpen(found.event, nowMs)) return undefined;
  return toEntry(deps, found.event);
}

const isOpen = (event: Event, nowMs: number): boolean => event.secureSwap && !isOver(event, nowMs);

/** Bundles are not resold, so they are not told. */
async function toEntry({ events }: CatalogueDeps, event: Event): Promise<CatalogueEvent> {
  const types = await events.listTicketTypes(event.organizationId, event.eventId);
  return {
    event,
    types: types.map(({ type }) => type).filter(({ kind }) => kind === 'single'),
  };
}
