// The rows of the import benchmark: as lines of a file, and as the items that the bare loop puts.
import { ID_BLOCK_SIZE, toNumericId } from '../../lib/domain/ids.ts';
import { toTicketItem } from '../../lib/table/ticket-item.ts';

export interface Portion {
  readonly organizationId: string;
  readonly eventId: string;
  readonly ticketTypeId: number;
  /** Makes its barcodes different from those of every other portion. */
  readonly prefix: string;
  readonly count: number;
  readonly withEmail: boolean;
}

const toBarcode = ({ prefix }: Portion, index: number): string =>
  `${prefix}${String(index).padStart(9, '0')}`;
const toName = (index: number): string => `Zoë de Vries ${index}`;

const LINES_AT_ONCE = 10_000;

/** In pieces: a million rows are more than an engine takes at once. */
export async function* toFile(portion: Portion): AsyncGenerator<string> {
  yield `barcode,name,ticket type,price${portion.withEmail ? ',email' : ''}\n`;
  for (let from = 0; from < portion.count; from += LINES_AT_ONCE) {
    let text = '';
    for (let index = from; index < Math.min(from + LINES_AT_ONCE, portion.count); index += 1) {
      const email = portion.withEmail ? `,${portion.prefix}${index}@example.com` : '';
      text += `${toBarcode(portion, index)},${toName(index)},Regular,25.00${email}\n`;
    }
    yield text;
  }
}

/** The same content as the importer writes for these rows. */
export const toItems = (portion: Portion): Record<string, unknown>[] =>
  Array.from({ length: portion.count }, (_, index) => {
    const { organizationId, eventId, ticketTypeId } = portion;
    const block = 20_000_000_000 + Math.floor(index / ID_BLOCK_SIZE);
    const eventTicketId = toNumericId(block, index % ID_BLOCK_SIZE);
    const item = toTicketItem({
      organizationId,
      eventId,
      ticketTypeId,
      eventTicketId,
      orderId: eventTicketId,
      ...(portion.withEmail ? { contactId: `con_${'0'.repeat(26)}` } : {}),
      barcode: toBarcode(portion, index),
      holderName: toName(index),
      priceMinor: 2_500,
      origin: 'IMPORTED',
      standing: 'ACTIVE',
      payment: 'SETTLED',
      checkedIn: false,
      inside: false,
      admissions: 0,
      scanMarks: [],
      importId: `imp_${'0'.repeat(26)}`,
      importRow: index + 1,
      createdAtMs: Date.now(),
    });
    return { ...item };
  });
