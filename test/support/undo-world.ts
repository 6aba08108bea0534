// Imports that are undone, and what is left of them afterwards.
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { barcodeKey } from '../../lib/table/keys.ts';
import { loadStocks } from '../../lib/table/stock-store.ts';
import { createImportWorld, type ImportWorld } from './import-world.ts';

export const createUndoWorld = async () => toUndoWorld(await createImportWorld());
export type UndoWorld = Awaited<ReturnType<typeof createUndoWorld>>;

export function toUndoWorld<W extends ImportWorld>(world: W) {
  const { key, organizationId } = world;

  const undo = (importId: string) => world.imports(`POST /v1/imports/${importId}/undo`, { key });
  return {
    ...world,
    undo,

    /** Asks for it and lets a worker do it. */
    async undone(importId: string) {
      const asked = await undo(importId);
      if (asked.status !== 202) throw new Error(JSON.stringify(asked.body));
      if ((await world.worker()(world.run(importId))) > 0) throw new Error('the undo failed');
      return world.read(importId);
    },

    /** Changes a ticket as the door, a hold or a swap would. */
    async change(barcode: string, set: Record<string, unknown>) {
      const names = Object.keys(set);
      await world.client.send(
        new UpdateCommand({
          TableName: world.tableName,
          Key: barcodeKey(organizationId, barcode),
          UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')}`,
          ExpressionAttributeValues: Object.fromEntries(
            names.map((name) => [`:${name}`, set[name]]),
          ),
        }),
      );
    },

    /** Addresses of the contacts in the table. */
    async toContacts() {
      const items = await world.allItems();
      return items
        .filter(({ kind }) => kind === 'contact')
        .map((item) => (item['contact'] as { email: string }).email)
        .toSorted();
    },

    /** Of the event's stock items: tickets imported and places reserved. */
    async toStock(eventId: string) {
      const { event, types } = await loadStocks(world, { organizationId, eventId });
      return [event, ...types.values()]
        .map(({ imported, reserved }) => `${imported} ${reserved}`)
        .toSorted();
    },

    /** Tickets and notes in the table that an import made. */
    async toItems(importId: string) {
      const items = await world.allItems();
      return items
        .filter(
          (item) => item['imp'] === importId || String(item['pk']).includes(`#${importId}#note#`),
        )
        .map((item) => String(item['pk']).split('#').slice(2).join('#'))
        .toSorted();
    },
  };
}
