// The parts of the transaction that makes a listing: each of its tickets is marked, and still the host's.
import type { ListedTicket, Listing } from '../domain/marketplaces/listing.ts';
import { barcodeKey } from './keys.ts';
import { toMarkItem } from './listing-item.ts';
import { ABSENT } from './table-access.ts';
import type { LabelledItem } from './transact.ts';

export const toMarkPut = (
  TableName: string,
  listing: Listing,
  { ticket, before }: { readonly ticket: ListedTicket; readonly before: string | undefined },
): LabelledItem<'mark'> => ({
  as: 'mark',
  Put: {
    TableName,
    Item: toMarkItem(listing, ticket),
    ...(before === undefined
      ? ABSENT
      : {
          ConditionExpression: 'listingId = :before',
          ExpressionAttributeValues: { ':before': before },
        }),
  },
});

/** Whether it may be sold is stated by each hold; that it is the host's is stated here. */
export const toOwnedCheck = (
  TableName: string,
  { organizationId }: Listing,
  { barcode, eventTicketId, orderId }: ListedTicket,
): LabelledItem<'ticket'> => ({
  as: 'ticket',
  ConditionCheck: {
    TableName,
    Key: barcodeKey(organizationId, barcode),
    ConditionExpression: 'tid = :ticket AND oid = :order AND std = :active AND adm = :zero',
    ExpressionAttributeValues: {
      ':ticket': eventTicketId,
      ':order': orderId,
      ':active': 'ACTIVE',
      ':zero': 0,
    },
  },
});
