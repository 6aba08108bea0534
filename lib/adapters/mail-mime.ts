// A mail as the bytes that go over the wire (RFC 5322, MIME). The package encodes names, subjects and files; what could
// end a header early is refused here before it gets there.
import MailComposer from 'nodemailer/lib/mail-composer';
import { assert } from '../domain/assert.ts';
import { isMailAddress } from '../domain/mails/mail-address.ts';
import type { Attachment, OutgoingMail } from '../domain/mails/mail.ts';

// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Throws when an address isn't one, or a header would have a control character in it. */
export async function toMime(mail: OutgoingMail): Promise<Buffer> {
  const { from, to, replyTo, subject, text, html, messageId, date, attachments } = mail;
  const addresses = [from.address, to, ...(replyTo === undefined ? [] : [replyTo])];
  assert(addresses.every(isMailAddress), 'a mail has bare addresses');
  const headers = [from.name, subject, messageId, ...attachments.map(toHeaderText)];
  assert(!headers.some((header) => UNPRINTABLE.test(header)), 'a header is one line of text');
  assert(/^[\w.+-]+@[\w.-]+$/.test(messageId), 'a message id is made by us');
  const composer = new MailComposer({
    from: { name: from.name, address: from.address },
    to: { name: '', address: to },
    ...(replyTo === undefined ? {} : { replyTo: { name: '', address: replyTo } }),
    subject,
    text,
    html,
    messageId: `<${messageId}>`,
    date,
    // Auto-replies and vacation notes stay away (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    attachments: attachments.map(({ fileName, contentType, content }) => ({
      filename: fileName,
      contentType,
      content: Buffer.from(content),
    })),
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

const toHeaderText = ({ fileName, contentType }: Attachment): string =>
  `${fileName} ${contentType}`;
