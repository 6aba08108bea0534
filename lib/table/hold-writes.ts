// The parts of transactions that place, extend and resolve a hold. A ticket has no room for the hold's id: it says until
// when it is held, and by that alone it is known whose it is. A new holder needs a ticket whose time is over and stays
// beyond it, so no two holds of one ticket ever say the same.
import type { Hold, HoldStatus } from '../domain/marketplaces/hold.ts';
import type { Listing } from '../domain/marketplaces/listing.ts';
import type { Ticket } from '../domain/ticket.ts';
import { toHeldItem } from './held-item.ts';
import { barcodeKey } from './keys.ts';
import { heldKey, holdKey, holdsList, listingKey } from './marketplace-keys.ts';
import { toOutboxItem } from './outbox.ts';
import type { LabelledItem } from './transact.ts';

export type HoldLabel = 'hold' | 'listing' | 'ticket' | 'held' | 'outbox';
type HoldWrite = LabelledItem<HoldLabel>;

/** Price, splits and channels are those that were read. */
export const toListingCheck = (
  TableName: string,
  { organizationId, listingId, version }: Listing,
): HoldWrite => ({
  as: 'listing',
  ConditionCheck: {
    TableName,
    Key: listingKey(organizationId, listingId),
    ConditionExpression: 'version = :version AND #status = :open',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':version': version, ':open': 'OPEN' },
  },
});

/** States all that `findSaleBar` looks at. */
export const toTicketTake = (
  TableName: string,
  { organizationId, barcode, eventTicketId, orderId, ticketTypeId }: Ticket,
  { expiresAtMs, nowMs }: { readonly expiresAtMs: number; readonly nowMs: number },
): HoldWrite => ({
  as: 'ticket',
  Update: {
    TableName,
    Key: barcodeKey(organizationId, barcode),
    UpdateExpression: 'SET hld = :until',
    ConditionExpression: [
      'tid = :ticket',
      'std = :active',
      'adm = :zero',
      'pay = :settled',
      'oid = :order',
      'typ = :type',
      'attribute_not_exists(els)',
      'attribute_not_exists(lck)',
      '(attribute_not_exists(hld) OR hld <= :now)',
    ].join(' AND '),
    ExpressionAttributeValues: {
      ':until': expiresAtMs,
      ':ticket': eventTicketId,
      ':active': 'ACTIVE',
      ':zero': 0,
      ':settled': 'SETTLED',
      ':order': orderId,
      ':type': ticketTypeId,
      ':now': nowMs,
    },
  },
});

/** On a ticket that is still this hold's. */
export const toTicketsUpdate = (
  TableName: string,
  hold: Hold,
  update: { readonly expression: string; readonly values?: Readonly<Record<string, number>> },
): HoldWrite[] =>
  hold.tickets.map(({ barcode, eventTicketId }) => ({
    as: 'ticket',
    Update: {
      TableName,
      Key: barcodeKey(hold.organizationId, barcode),
      UpdateExpression: update.expression,
      ConditionExpression: 'tid = :ticket AND hld = :held',
      ExpressionAttributeValues: {
        ':ticket': eventTicketId,
        ':held': hold.expiresAtMs,
        ...update.values,
      },
    },
  }));

/** Not resolved, and not extended since it was read; `isLive`: not over either. */
const toHeldCondition = (isLive: boolean): string =>
  `#status = :held AND expiresAtMs = :expires${isLive ? ' AND expiresAtMs > :now' : ''}`;

export const toExtension = (
  TableName: string,
  hold: Hold,
  { expiresAtMs, nowMs }: { readonly expiresAtMs: number; readonly nowMs: number },
): HoldWrite => ({
  as: 'hold',
  Update: {
    TableName,
    Key: holdKey(hold),
    UpdateExpression: 'SET expiresAtMs = :until, due = :until, extendedAtMs = :now',
    ConditionExpression: toHeldCondition(true),
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: {
      ':until': expiresAtMs,
      ':held': 'HELD',
      ':expires': hold.expiresAtMs,
      ':now': nowMs,
    },
  },
});

interface Resolution {
  readonly status: Exclude<HoldStatus, 'HELD'>;
  readonly nowMs: number;
  readonly sale?: Hold['sale'];
}

/** For good. An expiry works only on a hold that is over, the others only on one that isn't. */
export function toResolution(
  TableName: string,
  hold: Hold,
  { status, nowMs, sale }: Resolution,
): HoldWrite {
  const isExpiry = status === 'EXPIRED';
  return {
    as: 'hold',
    Update: {
      TableName,
      Key: holdKey(hold),
      UpdateExpression: [
        `SET #status = :status, g2 = :list, resolvedAtMs = :now${sale === undefined ? '' : ', sale = :sale'}`,
        'REMOVE g4, due',
      ].join(' '),
      ConditionExpression: isExpiry
        ? `${toHeldCondition(false)} AND expiresAtMs <= :now`
        : toHeldCondition(true),
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':status': status,
        ':list': holdsList(hold.organizationId, status),
        ':held': 'HELD',
        ':expires': hold.expiresAtMs,
        ':now': nowMs,
        ...(sale === undefined ? {} : { ':sale': sale }),
      },
    },
  };
}

/** Counted among the event's as long as it isn't resolved; the hold's own condition says that it is there. */
export const toHeldPut = (TableName: string, hold: Hold): HoldWrite => ({
  as: 'held',
  Put: { TableName, Item: toHeldItem(hold) },
});
export const toHeldRemoval = (TableName: string, hold: Hold): HoldWrite => ({
  as: 'held',
  Delete: { TableName, Key: heldKey(hold.organizationId, hold.eventId, hold.holdId) },
});

/** What a marketplace did itself it knows; that its hold is over it may not. */
export const toListingChanged = (
  TableName: string,
  {
    organizationId,
    listingId,
    marketplace,
  }: Pick<Hold, 'organizationId' | 'listingId' | 'marketplace'>,
  how: { readonly outboxId: string; readonly isExpiry?: boolean; readonly nowMs: number },
): HoldWrite => ({
  as: 'outbox',
  Put: {
    TableName,
    Item: toOutboxItem(
      how.outboxId,
      {
        type: 'listing.changed',
        organizationId,
        listingId,
        ...(how.isExpiry === true ? {} : { causedBy: marketplace }),
      },
      how.nowMs,
    ),
  },
});
