import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MailContent } from '../../../lib/domain/mails/mail.ts';
import { toPaymentLinkMail, toRefundMail } from '../../../lib/domain/mails/money-mails.ts';
import { toOrderMail } from '../../../lib/domain/mails/order-mail.ts';
import {
  toContactMessageMail,
  toImportFinishedMail,
} from '../../../lib/domain/mails/organizer-mails.ts';
import { toSwappedTicketMail } from '../../../lib/domain/mails/swapped-ticket-mail.ts';
import {
  aContactMessageMail,
  anImportFinishedMail,
  anOrderMail,
  aPaymentLinkMail,
  aRefundMail,
  aSwappedTicketMail,
} from '../../support/mails.ts';

const NASTY = `<img src=x onerror="alert('1')"> & "q"\r\nBcc: a@b.example`;

const ALL: readonly [string, (text: string, language: 'en' | 'nl') => MailContent][] = [
  [
    'order',
    (text, language) =>
      toOrderMail(
        anOrderMail({
          language,
          organizationName: text,
          event: { ...anOrderMail().event, name: text },
          lines: [
            {
              eventTicketId: 1,
              ticketTypeName: text,
              holderName: text,
              section: text,
              row: text,
              seat: text,
              priceMinor: 1,
            },
          ],
          balanceMinor: 1,
          payUrl: 'https://tickets.example/pay/token',
        }),
      ),
  ],
  [
    'swapped ticket',
    (text, language) =>
      toSwappedTicketMail(
        aSwappedTicketMail({
          language,
          organizationName: text,
          marketplaceName: text,
          ticketTypeName: text,
          holderName: text,
          event: { ...anOrderMail().event, name: text },
        }),
      ),
  ],
  [
    'payment link',
    (text, language) =>
      toPaymentLinkMail(
        aPaymentLinkMail({
          language,
          organizationName: text,
          event: { ...anOrderMail().event, name: text },
        }),
      ),
  ],
  [
    'refund',
    (text, language) =>
      toRefundMail(
        aRefundMail({
          language,
          organizationName: text,
          event: { ...anOrderMail().event, name: text },
        }),
      ),
  ],
  [
    'import finished',
    (text, language) =>
      toImportFinishedMail(
        anImportFinishedMail({
          language,
          organizationName: text,
          fileName: text,
          event: { ...anOrderMail().event, name: text },
        }),
      ),
  ],
  [
    'message to contacts',
    (text, language) =>
      toContactMessageMail(
        aContactMessageMail({
          language,
          organizationName: text,
          subject: text,
          text,
          event: { ...anOrderMail().event, name: text },
        }),
      ),
  ],
];

/** Tags and attribute names of a page without its texts: what must not depend on what was put in. */
const toSkeleton = (html: string): string =>
  html
    .replace(/"[^"<>]*"/g, '""')
    .replace(/>[^<]*/g, '>')
    .replaceAll('<br />', '');

describe.each(ALL)('the mail: %s', (_name, write) => {
  it.each(['en', 'nl'] as const)('takes nothing in it for markup (%s)', (language) => {
    const { html } = write(NASTY, language);
    expect(html).not.toContain('<img');
    expect(toSkeleton(html)).toBe(toSkeleton(write('plain', language).html));
  });

  it('has one line of subject, whatever is put in', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { subject } = write(text, 'en');
        expect(subject).not.toMatch(/\p{Cc}/u);
        expect([...subject].length).toBeLessThanOrEqual(200);
      }),
      { numRuns: 30 },
    ));

  it('is written in the language that it names', () => {
    const [english, dutch] = [write('x', 'en'), write('x', 'nl')];
    expect(english.html).toContain('<html lang="en">');
    expect(dutch.html).toContain('<html lang="nl">');
    expect(english.text).not.toBe(dutch.text);
  });

  it('loads nothing and runs nothing', () => {
    expect(write('x', 'en').html).not.toMatch(/<(?:img|script|link|iframe|style|form)|url\(/i);
  });
});

describe('the order confirmation', () => {
  it("tells the event's time on the event's clocks, in the organization's language", () => {
    expect(toOrderMail(anOrderMail()).text).toContain('Date: Friday, 12 June 2026 at 20:00 CEST');
    const event = { ...anOrderMail().event, timezone: 'Asia/Tokyo' };
    expect(toOrderMail(anOrderMail({ language: 'nl', event })).text).toContain(
      'Datum: zaterdag 13 juni 2026 om 03:00 GMT+9',
    );
  });

  it('lists every ticket with its holder, place and price, and the sums', () => {
    expect(toOrderMail(anOrderMail({ cardFeesMinor: 66 })).text).toContain(
      [
        'Your tickets:',
        '- Regular | Zoë | €11.85',
        '- VIP, Section A, row 3, seat 12 | €0.00',
        'Total: €11.85',
        'Paid: €11.85',
        'Card fees: €0.66',
      ].join('\n'),
    );
  });

  it.each([
    ['JPY', '¥1,185'],
    ['KWD', '1.185'],
    ['EUR', '€11.85'],
  ])('writes amounts in %s with its decimals: %s', (currency, amount) =>
    expect(toOrderMail(anOrderMail({ currency })).text).toContain(amount),
  );

  it('asks for the balance and leads to where it can be paid, only while there is one', () => {
    const payUrl = 'https://tickets.example/pay/token?a=1&b=2';
    const owing = toOrderMail(anOrderMail({ paidMinor: 185, balanceMinor: 1_000, payUrl }));
    expect(owing.text).toContain('€10.00 is still to be paid.');
    expect(owing.text).toContain(`Pay now:\n${payUrl}`);
    expect(owing.html).toContain('href="https://tickets.example/pay/token?a=1&amp;b=2"');
    const settled = toOrderMail(anOrderMail({ payUrl }));
    expect(settled.text).not.toContain('to be paid');
    expect(settled.html).not.toContain('href');
  });

  it('speaks of an attached ticket only when there is one', () => {
    expect(toOrderMail(anOrderMail()).text).toContain('attached');
    const without = toOrderMail(anOrderMail({ isTicketAttached: false }));
    expect(without.text).not.toContain('attached');
    expect(without.subject).toBe('Your order for Night of Songs');
  });

  it('says after an exchange that it replaces what was sent before', () =>
    expect(toOrderMail(anOrderMail({ reason: 'exchanged' })).text).toContain('replaces earlier'));

  it('links to the web only', () => {
    const payUrl = 'javascript:alert(1)';
    expect(() => toOrderMail(anOrderMail({ balanceMinor: 1, payUrl }))).toThrow('leads to the web');
  });
});

describe('other mails', () => {
  it('tell the new holder that the old barcode no longer admits', () =>
    expect(toSwappedTicketMail(aSwappedTicketMail()).text).toContain('no longer admits'));

  it('tell what goes back', () =>
    expect(toRefundMail(aRefundMail({ language: 'nl' })).text).toContain('€\u00a016,43'));

  it('tell what became of the rows of an import', () => {
    const { subject, text } = toImportFinishedMail(anImportFinishedMail());
    expect(subject).toBe('Import finished: guests.csv');
    expect(text).toContain('Rows: 1,234\nTickets: 1,200\nDuplicates: 30\nRejected: 4');
  });
});

describe("the organizer's message", () => {
  it('keeps its lines and paragraphs', () => {
    const text = 'Dear guests,\r\n\r\nDoors open at seven.\r\nSee you!';
    const mail = toContactMessageMail(aContactMessageMail({ text }));
    expect(mail.text).toContain('Dear guests,\n\nDoors open at seven.\nSee you!');
    expect(mail.html.match(/<p dir="auto">/g)).toHaveLength(2);
    expect(mail.html.match(/<br \/>/g)).toHaveLength(1);
  });
});
