// Reads what the door needs of an event, settings and ticket types, with one query.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parse } from 'zod/v4/core';
import { type DoorSettings, toDoorGate } from '../domain/scan.ts';
import { $EventItem, $TicketTypeItem } from './items.ts';
import { eventPartition } from './keys.ts';

export const createDoorSettingsReader =
  ({ client, tableName }: { readonly client: DynamoDBClient; readonly tableName: string }) =>
  async (organizationId: string, eventId: string): Promise<DoorSettings | undefined> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: eventPartition(organizationId, eventId) } },
        ConsistentRead: true,
      }),
    );
    const items = Items.map((item) => unmarshall(item));
    const found = items.find((item) => item['kind'] === 'event');
    if (found === undefined) return undefined;
    const event = parse($EventItem, found);
    const types = items
      .filter((item) => item['kind'] === 'ticketType')
      .map((item) => parse($TicketTypeItem, item));
    return {
      eventId,
      endsAtMs: Date.parse(event.endsAt),
      reentry: event.reentry,
      gates: new Map(event.gates.map((gate) => [gate.gateId, toDoorGate(gate)])),
      typeNames: new Map(types.map((type) => [type.ticketTypeId, type.name])),
    };
  };
