// An event with a ticket and a scanner before it.
import { randomUUID } from 'node:crypto';
import type { Ticket } from '../../lib/domain/ticket.ts';
import { createScanStore } from '../../lib/table/scan-store.ts';
import type { Reply } from './api.ts';
import { aTicket, anEvent } from './builders.ts';
import type { World } from './world.ts';

export interface Device {
  readonly deviceId: string;
  readonly key: string;
}

export interface Door {
  readonly organizationId: string;
  /** The organizer's key. */
  readonly organizer: string;
  readonly eventId: string;
  readonly ticketTypeId: number;
  readonly device: Device;
  readonly ticket: Ticket;
  readonly newDevice: (body?: Record<string, unknown>) => Promise<Device>;
  readonly newTicket: (ticket?: Partial<Ticket>) => Promise<Ticket>;
  readonly scan: (body?: Record<string, unknown>, key?: string) => Promise<Reply>;
  readonly annul: (scanId: string, body?: Record<string, unknown>, key?: string) => Promise<Reply>;
  /** The ticket as it lies in the table. */
  readonly find: (barcode?: string) => Promise<Ticket>;
}

/** In an organization of its own, so that its lists hold nothing else. */
export async function openDoor(
  world: World,
  settings: Record<string, unknown> = {},
  ticket: Partial<Ticket> = {},
): Promise<Door> {
  const { organizationId, key } = await world.newOrganization();
  const event = await world.organizers('POST /v1/events', { key, body: anEvent(settings) });
  const { eventId } = event.body;
  const type = await world.organizers(`POST /v1/events/${eventId}/ticket-types`, {
    key,
    body: { name: 'Regular', price: { amountMinor: 2000, currency: 'EUR' } },
  });
  const { ticketTypeId } = type.body;
  const newDevice: Door['newDevice'] = async (body = {}) => {
    const made = await world.organizers('POST /v1/devices', {
      key,
      body: { name: 'Door', eventIds: [eventId], gateId: 'main', ...body },
    });
    return { deviceId: made.body.deviceId, key: made.body.key };
  };
  const newTicket: Door['newTicket'] = async (overrides = {}) => {
    const holderName = 'Zoë de Vries';
    const made = aTicket({ organizationId, eventId, ticketTypeId, holderName, ...overrides });
    await world.put(made);
    return made;
  };
  const device = await newDevice();
  const stored = await newTicket(ticket);
  const store = createScanStore({ client: world.bare, tableName: world.tableName });
  return {
    organizationId,
    organizer: key,
    eventId,
    ticketTypeId,
    device,
    ticket: stored,
    newDevice,
    newTicket,
    scan: (body = {}, from = device.key) =>
      world.scans('POST /v1/validate', {
        key: from,
        body: { scanId: randomUUID(), eventId, barcode: stored.barcode, ...body },
      }),
    annul: (scanId, body = {}, from = device.key) =>
      world.scans(`POST /v1/validate/${scanId}/annul`, {
        key: from,
        body: { eventId, barcode: stored.barcode, ...body },
      }),
    async find(barcode = stored.barcode) {
      const found = await store.find(organizationId, barcode);
      if (found === undefined) throw new Error('no such ticket');
      return found;
    },
  };
}
