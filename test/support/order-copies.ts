// Copies of an order as the routes made it: its items under other ids, with places of their own. A campaign needs
// thousands of them, and what made the first is not what it is about.
import { BatchWriteCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  barcodeKey,
  eventStockKey,
  historyPartition,
  type Key,
  orderPartition,
  typeStockKey,
} from '../../lib/table/keys.ts';
import type { TestTable } from './table.ts';

/** An order of one ticket. */
export interface OrderToCopy {
  readonly organizationId: string;
  readonly eventId: string;
  readonly ticketTypeId: number;
  readonly orderId: number;
  readonly eventTicketId: number;
  readonly barcode: string;
  /** At the provider. */
  readonly payments: readonly string[];
}

/** DynamoDB quota. */
const BATCH_MAX = 25;

export async function createCopier(table: TestTable, original: OrderToCopy) {
  const { organizationId, eventId, ticketTypeId, orderId, eventTicketId, barcode } = original;
  const partitions = [
    orderPartition(organizationId, orderId),
    historyPartition(organizationId, eventTicketId),
    barcodeKey(organizationId, barcode).pk,
  ];
  const items = (await Promise.all(partitions.map((pk) => query(table, pk)))).flat();
  const text = JSON.stringify(items);
  const stocks = [
    eventStockKey(organizationId, eventId),
    typeStockKey(organizationId, eventId, ticketTypeId),
  ];
  let made = 0;
  return async (count: number): Promise<readonly OrderToCopy[]> => {
    const copies = Array.from({ length: count }, () => toCopy(original, (made += 1)));
    const copied = copies.flatMap((copy) => toItems(text, original, copy));
    for (let from = 0; from < copied.length; from += BATCH_MAX) {
      const puts = copied.slice(from, from + BATCH_MAX).map((Item) => ({ PutRequest: { Item } }));
      const request = { RequestItems: { [table.tableName]: puts } };
      await table.client.send(new BatchWriteCommand(request));
    }
    for (const stock of stocks) await addSold(table, stock, count);
    return copies;
  };
}

async function query({ client, tableName: TableName }: TestTable, pk: string) {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': pk },
    }),
  );
  return Items;
}

const toCopy = (original: OrderToCopy, number: number): OrderToCopy => ({
  ...original,
  orderId: original.orderId + number * 4_096,
  eventTicketId: original.eventTicketId + number * 4_096,
  barcode: String(number).padStart(original.barcode.length, '0'),
  payments: original.payments.map((payment) => `${payment}_${number}`),
});

/** Everything by which an order and its ticket are known is a long number or text of its own. */
function toItems(
  text: string,
  original: OrderToCopy,
  copy: OrderToCopy,
): Record<string, unknown>[] {
  const names = new Map([
    [String(original.orderId), String(copy.orderId)],
    [String(original.eventTicketId), String(copy.eventTicketId)],
    [original.barcode, copy.barcode],
    ...original.payments.map((payment, at) => [`"${payment}"`, `"${copy.payments[at]}"`] as const),
  ]);
  const pattern = new RegExp([...names.keys()].join('|'), 'g');
  return JSON.parse(text.replaceAll(pattern, (name) => names.get(name) ?? name));
}

async function addSold(
  { client, tableName: TableName }: TestTable,
  itemKey: Key,
  count: number,
): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName,
      Key: itemKey,
      UpdateExpression: 'ADD sold :count',
      ExpressionAttributeValues: { ':count': count },
    }),
  );
}
