// To the new holder of a ticket that was resold: the ticket with its new barcode.
import { toMailContent } from './layout.ts';
import type { Language, MailContent, SwappedTicketMail } from './mail.ts';
import { toOrderFacts } from './words.ts';

interface Words {
  readonly subject: (event: string) => string;
  readonly bought: (marketplace: string) => string;
  readonly attached: string;
  readonly ticket: string;
  readonly name: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    subject: (event) => `Your ticket for ${event}`,
    bought: (marketplace) =>
      `You bought a ticket at ${marketplace}. It is yours now: its barcode is new, and the seller's barcode no longer admits anyone.`,
    attached:
      'Your ticket is attached as a PDF. Show the barcode at the entrance, on your screen or on paper.',
    ticket: 'Ticket',
    name: 'Name',
  },
  nl: {
    subject: (event) => `Je ticket voor ${event}`,
    bought: (marketplace) =>
      `Je hebt een ticket gekocht via ${marketplace}. Het staat nu op jouw naam: de barcode is nieuw en de barcode van de verkoper geeft geen toegang meer.`,
    attached:
      'Je ticket zit als pdf bij deze mail. Laat de barcode zien bij de ingang, op je scherm of op papier.',
    ticket: 'Ticket',
    name: 'Naam',
  },
};

export function toSwappedTicketMail(mail: SwappedTicketMail): MailContent {
  const { language, event, holderName = '' } = mail;
  const words = WORDS[language];
  const facts = [
    ...toOrderFacts(mail),
    { label: words.ticket, value: mail.ticketTypeName },
    { label: words.name, value: holderName },
  ];
  const attached = mail.isTicketAttached ? [words.attached] : [];
  return toMailContent({
    language,
    subject: words.subject(event.name),
    signature: mail.organizationName,
    blocks: [
      { kind: 'paragraph', text: [words.bought(mail.marketplaceName), ...attached].join(' ') },
      { kind: 'facts', facts: facts.filter(({ value }) => value !== '') },
    ],
  });
}
