// One of each mail, valid and complete, in which a test changes only what matters to it.
import type {
  ContactMessageMail,
  ImportFinishedMail,
  OrderMail,
  PaymentLinkMail,
  RefundMail,
  SwappedTicketMail,
} from '../../lib/domain/mails/mail.ts';

const BASE = {
  language: 'en',
  organizationName: 'My Hall',
  event: { name: 'Night of Songs', startsAt: '2026-06-12T18:00:00Z', timezone: 'Europe/Amsterdam' },
} as const;

export const anOrderMail = (changes: Partial<OrderMail> = {}): OrderMail => ({
  ...BASE,
  reason: 'ordered',
  orderId: 7_000_000_000_001,
  currency: 'EUR',
  lines: [
    { eventTicketId: 1, ticketTypeName: 'Regular', holderName: 'Zoë', priceMinor: 1_185 },
    { eventTicketId: 2, ticketTypeName: 'VIP', section: 'A', row: '3', seat: '12', priceMinor: 0 },
  ],
  totalMinor: 1_185,
  paidMinor: 1_185,
  balanceMinor: 0,
  cardFeesMinor: 0,
  isTicketAttached: true,
  ...changes,
});

export const aSwappedTicketMail = (
  changes: Partial<SwappedTicketMail> = {},
): SwappedTicketMail => ({
  ...BASE,
  marketplaceName: 'TicketSwap',
  orderId: 7_000_000_000_001,
  ticketTypeName: 'Regular',
  holderName: 'Zoë',
  isTicketAttached: true,
  ...changes,
});

export const aPaymentLinkMail = (changes: Partial<PaymentLinkMail> = {}): PaymentLinkMail => ({
  ...BASE,
  orderId: 7_000_000_000_001,
  currency: 'EUR',
  balanceMinor: 1_035,
  payUrl: 'https://tickets.example/pay/token',
  ...changes,
});

export const aRefundMail = (changes: Partial<RefundMail> = {}): RefundMail => ({
  ...BASE,
  reason: 'exchanged',
  orderId: 7_000_000_000_001,
  currency: 'EUR',
  amountMinor: 1_643,
  ...changes,
});

export const anImportFinishedMail = (
  changes: Partial<ImportFinishedMail> = {},
): ImportFinishedMail => ({
  ...BASE,
  status: 'COMPLETED',
  fileName: 'guests.csv',
  counts: {
    rowsTotal: 1_234,
    tickets: 1_200,
    duplicates: 30,
    rejected: 4,
    notImported: 0,
    blank: 0,
  },
  ...changes,
});

export const aContactMessageMail = (
  changes: Partial<ContactMessageMail> = {},
): ContactMessageMail => ({
  ...BASE,
  subject: 'Doors open earlier',
  text: 'Dear guests,\n\nDoors open at seven.\nSee you!',
  ...changes,
});
