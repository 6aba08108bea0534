// Making and changing events. Rules that need more than one field are checked here, all at once.
import { isDeepStrictEqual } from 'node:util';
import type { Event, EventSettings } from '../domain/event.ts';
import type { Fault } from '../domain/refusals.ts';
import { type Result, ok, refuse } from '../domain/result.ts';
import { type Change, changeUnlessGuarded, withoutAbsent } from './change.ts';
import type { EventStore, EventWithStock } from './event-ports.ts';
import { toNewId } from './ids.ts';

export type NewEvent = Omit<EventSettings, 'secureSwap' | 'gates' | 'reentry'> &
  Change<Pick<EventSettings, 'secureSwap' | 'gates' | 'reentry'>> & {
    readonly eventId?: string | undefined;
    readonly capacity?: number | null | undefined;
  };

/**
 * Refuses `validation_failed`, `event_url_taken` and `already_exists`; the same request again with the client's own
 * eventId answers the event that it made.
 */
export async function createEvent(
  { events }: { readonly events: EventStore },
  input: { readonly organizationId: string; readonly nowMs: number; readonly event: NewEvent },
): Promise<Result<EventWithStock>> {
  const { organizationId, nowMs } = input;
  const {
    eventId = toNewId('event', nowMs),
    capacity = null,
    secureSwap,
    gates,
    reentry,
    ...settings
  } = input.event;
  const event: Event = {
    ...settings,
    organizationId,
    eventId,
    secureSwap: secureSwap ?? true,
    gates: gates ?? [],
    reentry: reentry ?? 'never',
    createdAt: new Date(nowMs).toISOString(),
    version: 1,
  };
  const errors = findEventFaults(event);
  if (errors.length > 0) return refuse('validation_failed', { errors });
  const created = await events.create(event, capacity);
  const existing = await events.find(organizationId, eventId);
  if (created.ok) return existing === undefined ? refuse('not_found') : ok(existing);
  const isRepeat =
    existing !== undefined &&
    existing.stock.capacity === (capacity ?? undefined) &&
    isDeepStrictEqual(existing.event, { ...event, createdAt: existing.event.createdAt });
  return isRepeat ? ok(existing) : created;
}

interface EventChange {
  readonly organizationId: string;
  readonly eventId: string;
  readonly ifMatch: number | undefined;
  readonly change: Change<EventSettings> & { readonly capacity?: number | null | undefined };
}

/** Refuses `not_found`, `event_url_taken`, `validation_failed` and, with `ifMatch`, `precondition_failed`. */
export const updateEvent = (
  deps: { readonly events: EventStore },
  input: EventChange,
): Promise<Result<EventWithStock>> =>
  changeUnlessGuarded(input.ifMatch, async () => changeEvent(deps, input));

async function changeEvent(
  { events }: { readonly events: EventStore },
  input: EventChange,
): Promise<Result<EventWithStock>> {
  const { organizationId, eventId, ifMatch } = input;
  const { capacity, ...change } = input.change;
  const found = await events.find(organizationId, eventId);
  if (found === undefined) return refuse('not_found');
  const { event: before } = found;
  if (ifMatch !== undefined && ifMatch !== before.version) return refuse('precondition_failed');
  const after: Event = { ...before, ...withoutAbsent(change), version: before.version + 1 };
  const errors = findEventFaults(after);
  if (
    after.currency !== before.currency &&
    (await events.listTicketTypes(organizationId, eventId)).length > 0
  ) {
    errors.push({ pointer: '/currency', detail: "can't change once the event has ticket types" });
  }
  if (errors.length > 0) return refuse('validation_failed', { errors });
  const updated = await events.update(before, after, capacity);
  if (!updated.ok) return updated;
  const now = await events.find(organizationId, eventId);
  return now === undefined ? refuse('not_found') : ok(now);
}

function findEventFaults(event: Event): Fault[] {
  const faults: Fault[] = [];
  if (Date.parse(event.endsAt) <= Date.parse(event.startsAt)) {
    faults.push({ pointer: '/endsAt', detail: 'must be after startsAt' });
  }
  const seen = new Set<string>();
  for (const [index, gate] of event.gates.entries()) {
    if (seen.has(gate.gateId))
      faults.push({ pointer: `/gates/${index}/gateId`, detail: 'is there twice' });
    seen.add(gate.gateId);
    if (
      gate.from !== undefined &&
      gate.until !== undefined &&
      Date.parse(gate.until) <= Date.parse(gate.from)
    ) {
      faults.push({ pointer: `/gates/${index}/until`, detail: 'must be after from' });
    }
  }
  const names = new Set<string>();
  for (const [index, { name }] of (event.personalizationFields ?? []).entries()) {
    if (names.has(name)) {
      faults.push({ pointer: `/personalizationFields/${index}/name`, detail: 'is there twice' });
    }
    names.add(name);
  }
  return faults;
}
