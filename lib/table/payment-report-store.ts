// The sums of an event's payments. Every new ledger entry adds to them in its own transaction; what imports say was
// paid stands beside the number of imported tickets, because imports write no ledger.
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { PaymentReportStore, PaymentSum } from '../app/report-ports.ts';
import { IMPORT_PAYMENT_TYPE, LEDGER_KINDS } from '../domain/orders/order.ts';
import { eventStockKey, PAYMENT_PREFIX, paymentReportPartition } from './keys.ts';
import { queryAll, type TableAccess } from './table-access.ts';

const $ReportItem = z.object({
  sk: z.string(),
  amountMinor: z.number(),
  cardFeeMinor: z.number(),
});

export function createPaymentReportStore({
  client,
  tableName: TableName,
}: TableAccess): PaymentReportStore {
  return {
    async load({ organizationId, eventId }) {
      const Key = eventStockKey(organizationId, eventId);
      const [items, { Item: stock }] = await Promise.all([
        queryAll(client, {
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': paymentReportPartition(organizationId, eventId) },
        }),
        client.send(new GetCommand({ TableName, Key, ConsistentRead: true })),
      ]);
      const amountMinor = Number(stock?.['importedMinor'] ?? 0);
      const imported: PaymentSum[] =
        amountMinor === 0
          ? []
          : [{ paymentType: IMPORT_PAYMENT_TYPE, kind: 'PAYMENT', amountMinor, cardFeeMinor: 0 }];
      return [...imported, ...items.map(toSum)];
    },
  };
}

function toSum(item: unknown): PaymentSum {
  const { sk, amountMinor, cardFeeMinor } = $ReportItem.parse(item);
  const [kind = '', ...paymentType] = sk.slice(PAYMENT_PREFIX.length).split('#');
  return {
    paymentType: paymentType.join('#'),
    kind: z.enum(LEDGER_KINDS).parse(kind),
    amountMinor,
    cardFeeMinor,
  };
}
