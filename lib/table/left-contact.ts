// A contact of whom tickets went away: what still refers to it, and letting it go to which nothing does.
import * as z from 'zod';
import { present } from '../domain/assert.ts';
import { decideBuyer, type LeftBuyer } from '../domain/imports/undo.ts';
import { contactKey, orderKey } from './keys.ts';
import { loadItem, type TableAccess } from './table-access.ts';
import type { LabelledItem } from './transact.ts';

/** What brought tickets for the contact, see `Buyer`. */
interface Source {
  readonly organizationId: string;
  readonly source: string;
}

const $Contact = z.looseObject({
  version: z.number(),
  /** Absent while the person is being erased: then the erasure lets go of the rest. */
  contact: z.object({ madeBy: z.object({ source: z.string() }) }).optional(),
});
/** Of a contact's item; every other attribute is something that refers to it. */
const OWN_ATTRIBUTES = new Set(['pk', 'sk', 'kind', 'g2', 'srt', 'contact', 'version']);

/** Undefined when it is gone, or the source never brought anything for it. */
export async function loadLeft(
  access: TableAccess,
  { organizationId, source }: Source,
  contactId: string,
): Promise<LeftBuyer['contact']> {
  const item = await loadItem(access, contactKey(organizationId, contactId), $Contact);
  const orderId = item?.[source];
  if (item === undefined || typeof orderId !== 'number') return undefined;
  return {
    orderId,
    version: item.version,
    isOwn: item.contact?.madeBy.source === source,
    hasOthers: Object.keys(item).some((name) => !OWN_ATTRIBUTES.has(name) && name !== source),
  };
}

/** Something was done with an imported order: from then on it is kept. */
export const hasOrder = async (
  access: TableAccess,
  organizationId: string,
  orderId: number,
): Promise<boolean> =>
  (await loadItem(access, orderKey(organizationId, orderId), z.object({}))) !== undefined;

/** With the same version nothing else has come to refer to it. */
export function toContactChange(
  TableName: string,
  { organizationId, source }: Source,
  buyer: LeftBuyer,
): LabelledItem<'contact'>[] {
  const decision = decideBuyer(buyer);
  if (decision === 'leave') return [];
  const { version } = present(buyer.contact, 'what is let go of was there');
  const Key = contactKey(organizationId, buyer.contactId);
  const ConditionExpression = 'version = :version';
  if (decision === 'remove') {
    const ExpressionAttributeValues = { ':version': version };
    return [
      {
        as: 'contact',
        Delete: { TableName, Key, ConditionExpression, ExpressionAttributeValues },
      },
    ];
  }
  return [
    {
      as: 'contact',
      Update: {
        TableName,
        Key,
        UpdateExpression: 'REMOVE #source ADD version :one',
        ConditionExpression,
        ExpressionAttributeNames: { '#source': source },
        ExpressionAttributeValues: { ':version': version, ':one': 1 },
      },
    },
  ];
}
