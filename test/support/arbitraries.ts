// Random tickets and barcodes, as they may lie in the table.
import fc from 'fast-check';
import { findBarcodeFault } from '../../lib/domain/barcode.ts';
import { MARK } from '../../lib/domain/scan.ts';
import { ORIGINS, PAYMENTS, STANDINGS, type Ticket } from '../../lib/domain/ticket.ts';

export const aBarcode = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .filter((text) => findBarcodeFault(text) === undefined);

const aScanMark = fc
  .tuple(fc.constantFrom(...Object.values(MARK)), fc.constantFrom('d1', 'd2', 'd3'))
  .map(([mark, digest]) => mark + digest);

const NOW_MS = Date.UTC(2026, 5, 1, 20);
const anAdmission = fc.record(
  {
    atMs: fc.integer({ min: NOW_MS - 1000, max: NOW_MS }),
    deviceId: fc.constantFrom('key_1', 'key_2'),
    gateId: fc.constantFrom('main', 'side'),
    scannedAtMs: fc.integer({ min: NOW_MS - 1000, max: NOW_MS }),
  },
  { requiredKeys: ['atMs', 'deviceId'] },
);

const aPass = fc.record(
  {
    atMs: fc.integer({ min: NOW_MS - 1000, max: NOW_MS }),
    deviceId: fc.constantFrom('key_1', 'key_2'),
    gateId: fc.constantFrom('main', 'side'),
  },
  { requiredKeys: ['atMs', 'deviceId'] },
);

export const aRandomTicket: fc.Arbitrary<Ticket> = fc.record(
  {
    organizationId: fc.constant('org_1'),
    barcode: aBarcode,
    eventTicketId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    eventId: fc.constantFrom('event', 'event', 'event', 'other'),
    ticketTypeId: fc.constantFrom(1, 2),
    orderId: fc.integer({ min: 1 }),
    contactId: fc.constant('con_1'),
    origin: fc.constantFrom(...ORIGINS),
    standing: fc.constantFrom('ACTIVE' as const, 'ACTIVE' as const, ...STANDINGS),
    payment: fc.constantFrom(...PAYMENTS),
    holderName: fc.string({ maxLength: 20 }),
    checkedIn: fc.boolean(),
    inside: fc.boolean(),
    admissions: fc.integer({ min: 0, max: 2 }),
    lastAdmission: anAdmission,
    beforeEntry: fc.record(
      {
        inside: fc.boolean(),
        checkedIn: fc.boolean(),
        reentryGranted: fc.boolean(),
        admission: aPass,
      },
      { requiredKeys: ['inside', 'checkedIn', 'reentryGranted'] },
    ),
    annulledAtMs: fc.integer({ min: NOW_MS - 1000, max: NOW_MS }),
    lastExit: aPass,
    reentryGranted: fc.boolean(),
    heldUntilMs: fc.constantFrom(NOW_MS - 1, NOW_MS, NOW_MS + 1),
    lockedBy: fc.constant('ticketswap'),
    successor: fc.record({ eventTicketId: fc.integer({ min: 1 }), barcode: aBarcode }),
    predecessorId: fc.integer({ min: 1 }),
    admittedElsewhereMs: fc.integer({ min: 0, max: NOW_MS }),
    replacedBy: aBarcode,
    reissues: fc.integer({ min: 1, max: 3 }),
    isExchanged: fc.boolean(),
    scanMarks: fc.array(aScanMark, { maxLength: 4 }),
    importId: fc.constant('imp_1'),
    importRow: fc.integer({ min: 1, max: 100 }),
    priceMinor: fc.integer({ min: 0 }),
    section: fc.string({ minLength: 1 }),
    row: fc.string({ minLength: 1 }),
    seat: fc.string({ minLength: 1 }),
    note: fc.string({ minLength: 1 }),
    createdAtMs: fc.integer({ min: 0, max: NOW_MS }),
  },
  {
    requiredKeys: [
      'organizationId',
      'barcode',
      'eventTicketId',
      'eventId',
      'ticketTypeId',
      'origin',
      'standing',
      'payment',
      'checkedIn',
      'inside',
      'admissions',
      'scanMarks',
      'createdAtMs',
    ],
  },
);
