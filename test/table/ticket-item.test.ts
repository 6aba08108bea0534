import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BARCODE_BYTES_MAX } from '../../lib/domain/barcode.ts';
import { HOLDER_NAME_BYTES_MAX, type Ticket, toHolderName } from '../../lib/domain/ticket.ts';
import {
  BEFORE_BARCODE_BYTES_MAX,
  EXIT_GATE_BARCODE_BYTES_MAX,
} from '../../lib/table/scan-writes.ts';
import { toTicketWrite } from '../../lib/table/imported-ticket-item.ts';
import { fromTicketItem, toTicketItem } from '../../lib/table/ticket-item.ts';
import { aBarcode, aRandomTicket } from '../support/arbitraries.ts';
import { aTicket } from '../support/builders.ts';

/** DynamoDB's rule: names and strings in UTF-8, a number in about half a byte a digit. */
const measure = (item: Record<string, AttributeValue>): number =>
  Object.entries(item).reduce((sum, [name, value]) => {
    const size =
      value.S === undefined
        ? Math.ceil(String(value.N).length / 2) + 1
        : Buffer.byteLength(value.S);
    return sum + Buffer.byteLength(name) + size;
  }, 0);

const id = (prefix: string): string => `${prefix}_${'Z'.repeat(26)}`;
const largest = (barcodeBytes: number, gate: number): Ticket => ({
  ...aTicket({ organizationId: id('org'), eventId: 'e'.repeat(40) }),
  barcode: 'x'.repeat(barcodeBytes),
  eventTicketId: 2 ** 53 - 1,
  ticketTypeId: 2 ** 53 - 1,
  orderId: 2 ** 53 - 1,
  contactId: id('con'),
  holderName: 'é'.repeat(HOLDER_NAME_BYTES_MAX / 2),
  admissions: 1000,
  lastAdmission: { atMs: 1e13, scannedAtMs: 1e13, deviceId: id('key'), gateId: 'g'.repeat(gate) },
  beforeEntry: {
    inside: true,
    checkedIn: true,
    reentryGranted: true,
    admission: {
      atMs: 1e13,
      ...(barcodeBytes > BEFORE_BARCODE_BYTES_MAX
        ? { deviceId: '' }
        : { deviceId: id('key'), gateId: 'g'.repeat(40) }),
    },
  },
  lastExit: { atMs: 1e13, deviceId: '' },
  heldUntilMs: 1e13,
  scanMarks: ['E', 'X', 'E', 'X'].map((mark) => mark + 'd'.repeat(11)),
  importId: id('imp'),
  importRow: 1_000_000,
  priceMinor: 1_000_000,
  isExchanged: true,
});

describe("a ticket's item", () => {
  it('gives back the ticket that it was made of', () => {
    fc.assert(
      fc.property(aRandomTicket, (ticket) => {
        expect(fromTicketItem(toTicketItem(ticket))).toEqual(ticket);
      }),
    );
  });

  it('keeps every barcode byte for byte', () => {
    fc.assert(
      fc.property(aBarcode, (barcode) => {
        const ticket = aTicket({ organizationId: 'org_1', eventId: 'evt_1', barcode });
        expect(fromTicketItem(toTicketItem(ticket)).barcode).toBe(barcode);
      }),
    );
  });

  const exited = ({ beforeEntry: _before, ...ticket }: Ticket, gate: number): Ticket => ({
    ...ticket,
    lastAdmission: { atMs: 1e13, deviceId: id('key'), gateId: 'g'.repeat(40) },
    lastExit: {
      atMs: 1e13,
      deviceId: id('key'),
      ...(gate === 0 ? {} : { gateId: 'g'.repeat(gate) }),
    },
    reentryGranted: true,
  });
  // A lock, a reissue and a resale are only on tickets with a barcode of ours, which have no import.
  const ours = {
    importId: '',
    lockedBy: 'ticketswap',
    predecessorId: 2 ** 53 - 1,
    admittedElsewhereMs: 1e13,
    reissues: 1000,
  };
  it.each([
    ['a reissue, a lock and a resale', { ...exited(largest(16, 40), 40), ...ours }],
    ['an admission', largest(BARCODE_BYTES_MAX, 40)],
    ['an admission after one that is kept', largest(BEFORE_BARCODE_BYTES_MAX, 40)],
    ['an exit', exited(largest(BARCODE_BYTES_MAX, 40), 0)],
    ['an exit by a gate that is kept', exited(largest(EXIT_GATE_BARCODE_BYTES_MAX, 40), 40)],
  ])('stays within 1 KB after %s with the longest barcode, name and ids', (_, ticket) => {
    expect(measure(marshall(toTicketItem(ticket)))).toBeLessThanOrEqual(1024);
  });
});

describe("an imported ticket's item", () => {
  const withNote = (barcodeBytes: number, noteBytes: number, holderName?: string): Ticket => ({
    ...aTicket({ organizationId: id('org'), eventId: 'e'.repeat(40) }),
    barcode: 'x'.repeat(barcodeBytes),
    eventTicketId: 2 ** 53 - 1,
    ticketTypeId: 2 ** 53 - 1,
    orderId: 2 ** 53 - 1,
    importId: id('imp'),
    importRow: 1_000_000,
    priceMinor: 1_000_000,
    section: 's'.repeat(20),
    note: 'n'.repeat(noteBytes),
    ...(holderName === undefined ? {} : { holderName }),
  });

  it('has room for the longest name of a later holder, and all that the door writes', () => {
    for (const barcodeBytes of [16, 100, BEFORE_BARCODE_BYTES_MAX, BARCODE_BYTES_MAX]) {
      for (let noteBytes = 1; noteBytes <= 400; noteBytes += 1) {
        for (const name of [undefined, 'Ada']) {
          const { item } = toTicketWrite(withNote(barcodeBytes, noteBytes, name));
          const { section, note } = fromTicketItem(item);
          const { contactId: _left, ...sold } = largest(barcodeBytes, 40);
          const later = toTicketItem({
            ...sold,
            ...(section === undefined ? {} : { section }),
            ...(note === undefined ? {} : { note }),
          });
          expect(measure(marshall(later)), `${barcodeBytes} ${noteBytes}`).toBeLessThanOrEqual(
            1024,
          );
        }
      }
    }
  });
});

describe('a holder name', () => {
  it('has at most 80 bytes and never half a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
        const fitting = toHolderName(name);
        expect(Buffer.byteLength(fitting)).toBeLessThanOrEqual(HOLDER_NAME_BYTES_MAX);
        expect(name.startsWith(fitting)).toBe(true);
        if (Buffer.byteLength(name) <= HOLDER_NAME_BYTES_MAX) expect(fitting).toBe(name);
      }),
    );
  });
});
