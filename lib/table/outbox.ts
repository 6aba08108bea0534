// Messages that have to leave with a state change: written in its transaction, sent by the stream dispatcher.
import type { ImportMessage } from '../app/import-ports.ts';
import { outboxKey } from './keys.ts';
import { TTL_ATTRIBUTE } from './schema.ts';

/** A sent message is rubbish; it is kept longer than the stream keeps its records (24 h). */
const KEPT_SECONDS = 3 * 24 * 3_600;

const OUTBOX_KIND = 'outbox';

export const toOutboxItem = (outboxId: string, message: ImportMessage, nowMs: number) => ({
  ...outboxKey(message.organizationId, outboxId),
  kind: OUTBOX_KIND,
  message,
  [TTL_ATTRIBUTE]: Math.floor(nowMs / 1_000) + KEPT_SECONDS,
});

/** The message in an outbox item, or undefined for an item of another kind; only this module writes them. */
export const fromOutboxItem = (
  item: Readonly<Record<string, unknown>>,
): ImportMessage | undefined =>
  item['kind'] === OUTBOX_KIND ? (item['message'] as ImportMessage) : undefined;
