// Exports of events, and another organization that imports them.
import type { ExportContent } from '../../lib/domain/event-export.ts';
import { anEvent } from './builders.ts';
import { createImportWorld } from './import-world.ts';
import type { TestTable } from './table.ts';

export async function createExportWorld(table?: TestTable) {
  const world = await createImportWorld(table);
  const deliver = world.worker();
  type Owner = Omit<Awaited<ReturnType<typeof world.newOrganization>>, 'keyId'>;
  const mine: Owner = { organizationId: world.organizationId, key: world.key };

  return {
    ...world,
    mine,

    /** The CSV of an event's barcodes, or of something else of it. */
    async exported(
      owner: Owner,
      eventId: string,
      body: Record<string, unknown> = {},
      content: ExportContent = 'barcodes',
    ) {
      const { key, organizationId } = owner;
      world.clock.nowMs += 1;
      const path = `/v1/events/${eventId}/${content}-export` as const;
      const asked = await world.imports(`POST ${path}`, { key, body });
      if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
      const { exportId } = asked.body;
      await deliver({ type: 'event.export', organizationId, eventId, content, exportId });
      const ready = await world.imports(`GET ${path}`, { key });
      if (ready.status !== 200) throw new Error(JSON.stringify(ready.body));
      return Buffer.from(await (await fetch(ready.body.url)).arrayBuffer());
    },

    /** Imports a file into a new event of an organization; its mapping is taken as it was guessed. */
    async importedBy({ organizationId, key }: Owner, file: Buffer, types: readonly string[]) {
      const event = await world.organizers('POST /v1/events', { key, body: anEvent() });
      const { eventId } = event.body;
      for (const name of types) {
        world.clock.nowMs += 1;
        const body = { name, price: { amountMinor: 0, currency: 'EUR' } };
        await world.organizers(`POST /v1/events/${eventId}/ticket-types`, { key, body });
      }
      const body = { fileName: 'barcodes.csv', overCapacity: 'enabled' };
      const created = await world.imports(`POST /v1/events/${eventId}/imports`, { key, body });
      const { importId } = created.body;
      await world.upload(created.body, file);
      await deliver(world.uploaded(created.body));
      const path = `/v1/imports/${importId}` as const;
      const analyzed = (await world.imports(`GET ${path}`, { key })).body;
      await world.imports(`POST ${path}/start`, { key, body: {} });
      await deliver({ type: 'import.run', organizationId, importId });
      const done = (await world.imports(`GET ${path}`, { key })).body;
      const tickets = await world.imports(`GET ${path}/tickets`, { key });
      return { analyzed, done, tickets: tickets.body.items };
    },
  };
}
