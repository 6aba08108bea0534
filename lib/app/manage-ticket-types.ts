// Making and changing ticket types.
import { isDeepStrictEqual } from 'node:util';
import { TICKET_TYPES_MAX, type TicketType, type TicketTypeSettings } from '../domain/event.ts';
import type { Fault } from '../domain/refusals.ts';
import { type Result, ok, refuse } from '../domain/result.ts';
import { type Change, changeUnlessGuarded, withoutAbsent } from './change.ts';
import type { EventStore, TicketTypeWithStock } from './event-ports.ts';
import { toNewNumericId } from './ids.ts';

export type NewTicketType = TicketTypeSettings & {
  readonly ticketTypeId?: number | undefined;
  readonly currency: string;
  readonly capacity?: number | null | undefined;
};

/** Tries of a made-up id: two types of one organization in one millisecond meet in 1 of 4,096 cases. */
const ID_TRIES_MAX = 5;

/**
 * Refuses `not_found` without the event, `validation_failed` for a price in another currency, `limit_reached`, and
 * `already_exists` for an id in use; the same request again with the client's own id answers the type that it made.
 */
export async function createTicketType(
  { events }: { readonly events: EventStore },
  input: {
    readonly organizationId: string;
    readonly eventId: string;
    readonly nowMs: number;
    readonly type: NewTicketType;
  },
): Promise<Result<TicketTypeWithStock & { readonly currency: string }>> {
  const { organizationId, eventId, nowMs } = input;
  const { ticketTypeId, currency, capacity = null, ...settings } = input.type;
  const found = await events.find(organizationId, eventId);
  if (found === undefined) return refuse('not_found');
  const errors = findPriceFaults(currency, found.event.currency);
  if (errors.length > 0) return refuse('validation_failed', { errors });
  const types = await events.listTicketTypes(organizationId, eventId);
  const isKnown = types.some(({ type }) => type.ticketTypeId === ticketTypeId);
  if (types.length >= TICKET_TYPES_MAX && !isKnown) {
    return refuse('limit_reached', {
      detail: `An event has at most ${TICKET_TYPES_MAX} ticket types.`,
    });
  }
  for (let tries = 0; tries < ID_TRIES_MAX; tries += 1) {
    const type: TicketType = {
      ...settings,
      // JSON has a -0, the table has not.
      priceMinor: settings.priceMinor + 0,
      organizationId,
      eventId,
      ticketTypeId: ticketTypeId ?? toNewNumericId(nowMs),
      createdAt: new Date(nowMs).toISOString(),
      version: 1,
    };
    const created = await events.createTicketType(type, capacity);
    if (created.ok || created.refusal.code !== 'already_exists' || ticketTypeId !== undefined) {
      return created.ok || created.refusal.code === 'already_exists'
        ? answerCreated(events, type, { currency, capacity, isNew: created.ok })
        : created;
    }
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

async function answerCreated(
  events: EventStore,
  type: TicketType,
  made: { readonly currency: string; readonly capacity: number | null; readonly isNew: boolean },
): Promise<Result<TicketTypeWithStock & { readonly currency: string }>> {
  const found = await events.findTicketType(type.organizationId, type.ticketTypeId);
  const isRepeat =
    found !== undefined &&
    found.stock.capacity === (made.capacity ?? undefined) &&
    isDeepStrictEqual(found.type, { ...type, createdAt: found.type.createdAt });
  return found !== undefined && (made.isNew || isRepeat)
    ? ok({ ...found, currency: made.currency })
    : refuse('already_exists');
}

interface TicketTypeChange {
  readonly organizationId: string;
  readonly ticketTypeId: number;
  readonly ifMatch: number | undefined;
  readonly change: Change<TicketTypeSettings> & {
    readonly currency?: string | undefined;
    readonly capacity?: number | null | undefined;
  };
}

/** Refuses `not_found`, `validation_failed` and, with `ifMatch`, `precondition_failed`. */
export const updateTicketType = (
  deps: { readonly events: EventStore },
  input: TicketTypeChange,
): Promise<Result<TicketTypeWithStock & { readonly currency: string }>> =>
  changeUnlessGuarded(input.ifMatch, async () => changeTicketType(deps, input));

async function changeTicketType(
  { events }: { readonly events: EventStore },
  input: TicketTypeChange,
): Promise<Result<TicketTypeWithStock & { readonly currency: string }>> {
  const { organizationId, ticketTypeId, ifMatch } = input;
  const { capacity, currency, ...change } = input.change;
  const found = await findTicketType({ events }, { organizationId, ticketTypeId });
  if (!found.ok) return found;
  const before = found.value.type;
  if (ifMatch !== undefined && ifMatch !== before.version) return refuse('precondition_failed');
  const errors = currency === undefined ? [] : findPriceFaults(currency, found.value.currency);
  if (errors.length > 0) return refuse('validation_failed', { errors });
  const after: TicketType = { ...before, ...withoutAbsent(change), version: before.version + 1 };
  const updated = await events.updateTicketType(before, after, capacity);
  return updated.ok ? findTicketType({ events }, { organizationId, ticketTypeId }) : updated;
}

export async function findTicketType(
  { events }: { readonly events: EventStore },
  {
    organizationId,
    ticketTypeId,
  }: { readonly organizationId: string; readonly ticketTypeId: number },
): Promise<Result<TicketTypeWithStock & { readonly currency: string }>> {
  const found = await events.findTicketType(organizationId, ticketTypeId);
  const event = found && (await events.find(organizationId, found.type.eventId));
  return found === undefined || event === undefined
    ? refuse('not_found')
    : ok({ ...found, currency: event.event.currency });
}

const findPriceFaults = (currency: string, ofEvent: string): Fault[] =>
  currency === ofEvent
    ? []
    : [{ pointer: '/price/currency', detail: `must be the event's currency, ${ofEvent}` }];
