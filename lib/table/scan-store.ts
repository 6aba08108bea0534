// The door's calls: one conditional update of one item, no read before, no index touched.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  TransactionConflictException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ScanCommit, ScanStore } from '../app/scan-ports.ts';
import type { Ticket } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
import { barcodeKey } from './keys.ts';
import { type ScanUpdate, text, toAnnul, toEntry, toExit } from './scan-writes.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';

/** A transaction (a swap, a block) that holds the item is over in about 25 ms; product.md section 5 gives 300 ms. */
const CONFLICT_BUDGET_MS = 300;
const CONFLICT_RETRIES_MAX = 5;

export function createScanStore({
  client,
  tableName,
}: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): ScanStore {
  const update = async (
    key: Record<string, AttributeValue>,
    write: ScanUpdate,
  ): Promise<ScanCommit> => {
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: key,
      ...write,
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    let retries = 0;
    for (const wait of backoff(CONFLICT_BUDGET_MS)) {
      try {
        const { Attributes } = await client.send(command);
        return { committed: true, ticket: toTicket(Attributes ?? {}) };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return { committed: false, existing: error.Item && toTicket(error.Item) };
        }
        if (!(error instanceof TransactionConflictException)) throw error;
        retries += 1;
        if (retries > CONFLICT_RETRIES_MAX || !(await wait())) throw error;
      }
    }
    throw new Error('unreachable: backoff ends by its own answer');
  };

  return {
    commit: async (scan) =>
      update(
        toKey(scan.organizationId, scan.barcode),
        scan.question.direction === 'entry' ? toEntry(scan) : toExit(scan),
      ),
    annul: async (annul) => update(toKey(annul.organizationId, annul.barcode), toAnnul(annul)),

    async find(organizationId, barcode) {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: toKey(organizationId, barcode),
          ConsistentRead: true,
        }),
      );
      return Item && toTicket(Item);
    },
  };
}

const toKey = (organizationId: string, barcode: string): Record<string, AttributeValue> => {
  const { pk, sk } = barcodeKey(organizationId, barcode);
  return { pk: text(pk), sk: text(sk) };
};
const toTicket = (item: Record<string, AttributeValue>): Ticket =>
  fromTicketItem(unmarshall(item) as TicketItem);
