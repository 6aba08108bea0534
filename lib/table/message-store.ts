// The organizer's messages and the account of their addressees.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { MessageStore } from '../app/message-ports.ts';
import { ORIGINS } from '../domain/ticket.ts';
import { messageKey, messagesList } from './keys.ts';
import { listNewestFirst } from './newest-first.ts';
import { toOutboxItem } from './outbox.ts';
import { ABSENT, loadItem, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

const $MessageItem = z.object({
  organizationId: z.string(),
  eventId: z.string(),
  messageId: z.string(),
  subject: z.string(),
  text: z.string(),
  ticketTypeIds: z.exactOptional(z.array(z.number())),
  origin: z.exactOptional(z.enum(ORIGINS)),
  createdAtMs: z.number(),
  position: z.exactOptional(z.string()),
  isSpread: z.boolean(),
  recipients: z.number(),
  sent: z.number(),
  suppressed: z.number(),
  skipped: z.number(),
});

export function createMessageStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): MessageStore {
  const { client, tableName: TableName } = access;
  const find: MessageStore['find'] = async ({ organizationId, messageId }) =>
    loadItem(access, messageKey(organizationId, messageId), $MessageItem);
  return {
    find,

    async create(message) {
      const { organizationId, eventId, messageId, createdAtMs: nowMs } = message;
      const outbox = { type: 'mail.message', organizationId, messageId } as const;
      const { committed } = await transact<'message' | 'outbox'>(client, [
        {
          as: 'message',
          Put: {
            TableName,
            Item: {
              ...messageKey(organizationId, messageId),
              kind: 'message',
              g2: messagesList(organizationId, eventId),
              srt: toPosition(message),
              ...message,
            },
            ...ABSENT,
          },
        },
        {
          as: 'outbox',
          Put: { TableName, Item: toOutboxItem(toOutboxId(nowMs), outbox, nowMs) },
        },
      ]);
      return committed;
    },

    list: async ({ organizationId, eventId }, page) =>
      listNewestFirst(
        access,
        { ...page, list: messagesList(organizationId, eventId) },
        async (position) => find({ organizationId, messageId: fromPosition(position) }),
      ),

    async commitPage({ organizationId, messageId, position }, page) {
      try {
        await client.send(
          new UpdateCommand({
            TableName,
            Key: messageKey(organizationId, messageId),
            UpdateExpression: [
              page.next === undefined ? 'SET isSpread = :yes' : 'SET #position = :next',
              'ADD recipients :recipients, suppressed :suppressed',
            ].join(' '),
            ConditionExpression: [
              position === undefined ? 'attribute_not_exists(#position)' : '#position = :position',
              'isSpread = :no',
            ].join(' AND '),
            ExpressionAttributeNames: { '#position': 'position' },
            ExpressionAttributeValues: {
              ':no': false,
              ':recipients': page.recipients,
              ':suppressed': page.suppressed,
              ...(page.next === undefined ? { ':yes': true } : { ':next': page.next }),
              ...(position === undefined ? {} : { ':position': position }),
            },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

/** By time first: an id that a client brought says nothing about it. */
const toPosition = (message: { readonly createdAtMs: number; readonly messageId: string }) =>
  `${String(message.createdAtMs).padStart(15, '0')}#${message.messageId}`;
const fromPosition = (position: string): string => position.slice(position.indexOf('#') + 1);
