import PostalMime from 'postal-mime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMime } from '../../lib/adapters/mail-mime.ts';
import type { OutgoingMail } from '../../lib/domain/mails/mail.ts';
import { isMailAddress } from '../../lib/domain/mails/mail-address.ts';
import { toOrderMail } from '../../lib/domain/mails/order-mail.ts';
import { anOrderMail } from '../support/mails.ts';

const PDF = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 255, 10, 13]);

const aMail = (changes: Partial<OutgoingMail> = {}): OutgoingMail => ({
  ...toOrderMail(anOrderMail()),
  from: { name: 'My Hall', address: 'tickets@hall.example' },
  to: 'zoe@example.com',
  messageId: 'out_01.mail@swapgate.example',
  date: new Date('2026-06-01T10:00:00Z'),
  attachments: [{ fileName: 'tickets.pdf', contentType: 'application/pdf', content: PDF }],
  ...changes,
});

const parse = async (mail: OutgoingMail) => PostalMime.parse(await toMime(mail));
const toHeaders = (bytes: Buffer): readonly string[] =>
  bytes
    .subarray(0, bytes.indexOf('\r\n\r\n'))
    .toString('latin1')
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');

describe('a mail on the wire', () => {
  it('arrives as it was written: addresses, names, subject, both texts and the file', async () => {
    const mail = aMail({
      from: { name: 'Zaal "Ünïcode", 東京 🎫', address: 'tickets@hall.example' },
      subject: 'Je tickets voor Café Zoë – 東京 🎫',
    });
    const parsed = await parse(mail);
    expect(parsed.from).toMatchObject(mail.from);
    expect(parsed.to).toMatchObject([{ address: mail.to }]);
    expect(parsed.subject).toBe(mail.subject);
    expect(parsed.messageId).toBe(`<${mail.messageId}>`);
    expect(parsed.date).toBe('2026-06-01T10:00:00.000Z');
    expect(parsed.text?.trimEnd()).toBe(mail.text.trimEnd());
    expect(parsed.html?.trimEnd()).toBe(mail.html.trimEnd());
    expect(parsed.attachments).toMatchObject([
      { filename: 'tickets.pdf', mimeType: 'application/pdf', disposition: 'attachment' },
    ]);
    expect(Buffer.from(parsed.attachments[0]?.content as ArrayBuffer)).toEqual(PDF);
  });

  it('is plain ASCII in lines of at most 998 characters (RFC 5322)', async () => {
    const subject = '東京 '.repeat(60);
    const lines = (await toMime(aMail({ subject, html: 'é'.repeat(5_000) }))).toString('latin1');
    // oxlint-disable-next-line no-control-regex -- ASCII is what this pattern is for
    expect(/^[\u0000-\u007f]*$/.test(lines)).toBe(true);
    for (const line of lines.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
    expect(/[\r\n]/.test(lines.replaceAll('\r\n', ''))).toBe(false);
  });

  it('has the same headers, whatever stands in names and subject', () =>
    fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        async (name, subject) => {
          fc.pre(subject.trim() !== '' && !/[\p{Cc}\u2028\u2029]/u.test(name + subject));
          const mail = aMail({ subject, from: { name, address: 'tickets@hall.example' } });
          const names = toHeaders(await toMime(mail)).map((line) => line.split(':')[0] ?? '');
          expect(names.toSorted()).toEqual(EXPECTED_HEADERS);
        },
      ),
      { numRuns: 100 },
    ));

  it.each([
    ['subject', { subject: 'Hello\r\nBcc: eve@evil.example' }],
    ['subject', { subject: 'Hello\nBcc: eve@evil.example' }],
    ['name', { from: { name: 'Hall\r\nBcc: eve@evil.example', address: 'a@hall.example' } }],
    ['message id', { messageId: 'a>\r\nBcc: eve@evil.example' }],
    ['address', { to: 'zoe@example.com\r\nBcc: eve@evil.example' }],
    ['second address', { to: 'zoe@example.com,eve@evil.example' }],
    ['group', { to: 'all:zoe@example.com,eve@evil.example;' }],
    ['named address', { to: 'Zoe <zoe@example.com>' }],
    [
      'file name',
      { attachments: [{ fileName: 'a\r\nX: 1', contentType: 'text/plain', content: PDF }] },
    ],
  ])('is refused when its %s would end a header or add a recipient', async (_what, changes) => {
    await expect(toMime(aMail(changes))).rejects.toThrow(/bare addresses|one line|made by us/);
  });

  it('puts a domain outside ASCII into the form that goes over the wire', async () => {
    const headers = toHeaders(await toMime(aMail({ to: 'zoe@bücher.example' })));
    expect(headers).toContain('To: zoe@xn--bcher-kva.example');
  });
});

const EXPECTED_HEADERS = [
  'Auto-Submitted',
  'Content-Type',
  'Date',
  'From',
  'MIME-Version',
  'Message-ID',
  'Subject',
  'To',
].toSorted();

describe('an address for mail', () => {
  it.each(['a@b.example', 'first.last+tag@sub.example.com', "o'neil@example.ie", 'x@bücher.de'])(
    'may be %s',
    (address) => expect(isMailAddress(address)).toBe(true),
  );
  it.each(['', 'a', 'a@', '@b', 'é@b.example', '"a b"@c.example', 'a@b@c', 'a@[127.0.0.1]'])(
    'may not be %j',
    (address) => expect(isMailAddress(address)).toBe(false),
  );
});
