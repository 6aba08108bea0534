// Reads the table's stream: what happened to tickets, in the order of a shard.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { TicketChange } from '../domain/attendance.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';

/** The part of a stream record that is read. */
export interface StreamRecord {
  readonly dynamodb?:
    | {
        readonly ApproximateCreationDateTime?: number | undefined;
        readonly SequenceNumber?: string | undefined;
        readonly OldImage?: object | undefined;
        readonly NewImage?: object | undefined;
      }
    | undefined;
}

export interface SequencedChange extends TicketChange {
  /** Grows within a shard; padded, so that text order is its order. */
  readonly sequence: string;
}

/** DynamoDB's are 21 digits, and may be 40. */
const SEQUENCE_DIGITS = 40;

/** Undefined for an item of another kind. */
export function fromStreamRecord({ dynamodb = {} }: StreamRecord): SequencedChange | undefined {
  const [before, after] = [toTicket(dynamodb.OldImage), toTicket(dynamodb.NewImage)];
  if (before === undefined && after === undefined) return undefined;
  return {
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    writtenAtMs: (dynamodb.ApproximateCreationDateTime ?? 0) * 1_000,
    sequence: (dynamodb.SequenceNumber ?? '').padStart(SEQUENCE_DIGITS, '0'),
  };
}

function toTicket(image: object | undefined) {
  const item = (image ?? {}) as Record<string, AttributeValue>;
  // Looked at first: most records are of other kinds, and what they hold is not this module's to understand.
  return item['kind']?.S === 'ticket' ? fromTicketItem(unmarshall(item) as TicketItem) : undefined;
}
