import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, inject, it } from 'vitest';
import { testAwsConfig } from '../../support/aws.ts';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const { key } = world;

/** Every call reaches the table twice, and only the second answer arrives: as after a lost reply, sent again. */
function createRepeatingClient(): DynamoDBClient {
  const client = new DynamoDBClient(testAwsConfig(inject('dynamoDbEndpoint')));
  client.middlewareStack.add(
    (next) => async (args) => {
      await next({ ...args }).catch(() => {});
      return next({ ...args });
    },
    // Before serialization: each of the two is a request of its own, with another client token.
    { step: 'initialize', name: 'repeat' },
  );
  return client;
}

describe.each(['enabled', 'disabled'] as const)('with overCapacity %s', (overCapacity) => {
  it('a run all of whose replies are lost once goes on to its end', async () => {
    const event = await world.newEvent({ capacity: 7 });
    const codes = Array.from({ length: 12 }, (_, index) => `${overCapacity}-${index}`);
    const content = ['barcode', ...codes, codes[0]].join('\n');
    const { importId } = await world.analyzed(event.eventId, content, { overCapacity });
    await world.imports(`POST /v1/imports/${importId}/start`, { key, body: {} });
    const client = createRepeatingClient();
    expect(await world.worker({ chunkRows: 5 }, client)(world.run(importId))).toBe(0);
    client.destroy();
    const tickets = overCapacity === 'enabled' ? 12 : 7;
    expect(await world.read(importId)).toMatchObject(
      overCapacity === 'enabled'
        ? { status: 'COMPLETED', progress: { tickets, duplicates: 1, rowsDone: 13 } }
        : { status: 'STOPPED_SOLD_OUT', progress: { tickets, notImported: 6, rowsDone: 13 } },
    );
    const stock = (await world.organizers(`GET /v1/events/${event.eventId}`, { key })).body;
    expect(stock).toMatchObject({ imported: tickets, held: 0 });
  });
});
