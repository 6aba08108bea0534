// The two halves of a reissue: the item with the old barcode, retired for good, and the one with the new barcode, which
// carries on everything that the ticket is, whatever attributes that may be by then.
import { TICKET_TRANSITIONS } from '../domain/ticket-transitions.ts';
import { replacedList, replacedPosition } from './door-keys.ts';
import { barcodeKey, parseBarcodeKey } from './keys.ts';
import type { TicketItem } from './ticket-item.ts';

/**
 * Not on the new item: scan ids are unique for each barcode, so one that was used with the old barcode must not pass for
 * a repeat with the new one.
 */
const MARKS: readonly string[] = ['s1', 's2', 's3', 's4'];
/**
 * Taken off the old item: what lists find it by, and what nobody needs of a barcode that is over. Nothing personal
 * stays where an erasure wouldn't look. Import and row stay, by which a repeat of the import knows its own ticket.
 */
const TAKEN_OFF: readonly string[] = 'g1 g3 oid con nam prc sec sro sea nte hld rei'.split(' ');
/** May be set by another writer where there was none; everything else changes only what is there. */
const MAY_APPEAR: readonly string[] = [
  'con',
  'els',
  'xg',
  'gra',
  'hld',
  'lck',
  'nam',
  'oid',
  'rei',
  's1',
];
/** Counted by the door's stream: a ticket is to be counted once, under its new barcode. */
const COUNTED: readonly string[] = ['adm', 'chk', 'ins'];

export function toReissuedItem(organizationId: string, item: TicketItem, barcode: string) {
  const kept = Object.entries(item).filter(([name]) => !MARKS.includes(name));
  return {
    ...(Object.fromEntries(kept) as unknown as TicketItem),
    ...barcodeKey(organizationId, barcode),
    rei: (item.rei ?? 0) + 1,
  };
}

/** Only if the item is exactly the one that was copied: then no scan has come in between. */
export function toReplacedUpdate(TableName: string, item: TicketItem, barcode: string) {
  const { pk, sk, ...attributes } = item;
  const stated = Object.entries(attributes);
  const absent = MAY_APPEAR.filter((name) => !(name in item));
  return {
    TableName,
    Key: { pk, sk },
    UpdateExpression:
      `SET #std = :replaced, nxt = :next, ${toName('g2', item)} = :list, ${toName('srt', item)} = :position` +
      `, ${COUNTED.map((name) => `#${name} = :zero`).join(', ')}` +
      ` REMOVE ${TAKEN_OFF.map((name) => toName(name, item)).join(', ')}`,
    ConditionExpression: [
      ...stated.map(([name], index) => `#${name} = :v${index}`),
      ...absent.map((name) => `attribute_not_exists(${name})`),
    ].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(stated.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(stated.map(([, value], index) => [`:v${index}`, value])),
      ':replaced': TICKET_TRANSITIONS.reissue.to,
      ':next': barcode,
      ':list': replacedList(parseBarcodeKey(pk).organizationId, item.evt, item.tid),
      ':position': replacedPosition(item.tid, item.rei ?? 0),
      ':zero': 0,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

const toName = (name: string, item: TicketItem): string => (name in item ? `#${name}` : name);
