// The order confirmation: what was ordered, what it costs, and what is still to be paid. Also told after an exchange.
import { toMoneyText } from '../formats.ts';
import { type Block, type Fact, toMailContent } from './layout.ts';
import type { Language, MailContent, OrderLine, OrderMail } from './mail.ts';
import { toOrderFacts, toPlace } from './words.ts';

interface Words {
  readonly subject: Readonly<Record<OrderMail['reason'] | 'tickets', (event: string) => string>>;
  readonly opening: Readonly<Record<OrderMail['reason'], string>>;
  readonly attached: string;
  readonly columns: readonly [string, string, string];
  readonly caption: string;
  readonly total: string;
  readonly paid: string;
  readonly cardFees: string;
  readonly due: string;
  readonly back: string;
  readonly stillDue: (amount: string) => string;
  readonly pay: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    subject: {
      ordered: (event) => `Your order for ${event}`,
      tickets: (event) => `Your tickets for ${event}`,
      exchanged: (event) => `Your changed order for ${event}`,
    },
    opening: {
      ordered: 'Thank you for your order.',
      exchanged:
        'Your order has changed. This is how it is now; it replaces earlier confirmations.',
    },
    attached:
      'Your tickets are attached as a PDF. Show the barcode at the entrance, on your screen or on paper.',
    columns: ['Ticket', 'Name', 'Price'],
    caption: 'Your tickets',
    total: 'Total',
    paid: 'Paid',
    cardFees: 'Card fees',
    due: 'Still to be paid',
    back: 'Goes back to you',
    stillDue: (amount) => `${amount} is still to be paid.`,
    pay: 'Pay now',
  },
  nl: {
    subject: {
      ordered: (event) => `Je bestelling voor ${event}`,
      tickets: (event) => `Je tickets voor ${event}`,
      exchanged: (event) => `Je gewijzigde bestelling voor ${event}`,
    },
    opening: {
      ordered: 'Bedankt voor je bestelling.',
      exchanged:
        'Je bestelling is gewijzigd. Zo ziet die er nu uit; eerdere bevestigingen vervallen.',
    },
    attached:
      'Je tickets zitten als pdf bij deze mail. Laat de barcode zien bij de ingang, op je scherm of op papier.',
    columns: ['Ticket', 'Naam', 'Prijs'],
    caption: 'Je tickets',
    total: 'Totaal',
    paid: 'Betaald',
    cardFees: 'Kaartkosten',
    due: 'Nog te betalen',
    back: 'Krijg je terug',
    stillDue: (amount) => `Er staat nog ${amount} open.`,
    pay: 'Nu betalen',
  },
};

export function toOrderMail(mail: OrderMail): MailContent {
  const { language, event, reason, balanceMinor, payUrl } = mail;
  const words = WORDS[language];
  const money = (amountMinor: number) => toMoneyText(amountMinor, mail.currency, language);
  const subject = reason === 'ordered' && mail.isTicketAttached ? 'tickets' : reason;
  const rows = mail.lines.map((line) => [
    toTicketText(line, language),
    line.holderName ?? '',
    money(line.priceMinor),
  ]);
  const table = { caption: words.caption, head: words.columns, rows, sums: toSums(mail, money) };
  const blocks: readonly (Block | undefined)[] = [
    { kind: 'paragraph', text: words.opening[reason] },
    mail.isTicketAttached ? { kind: 'paragraph', text: words.attached } : undefined,
    { kind: 'facts', facts: toOrderFacts(mail) },
    { kind: 'table', table },
    balanceMinor > 0 ? { kind: 'paragraph', text: words.stillDue(money(balanceMinor)) } : undefined,
    balanceMinor > 0 && payUrl !== undefined
      ? { kind: 'link', label: words.pay, url: payUrl }
      : undefined,
  ];
  return toMailContent({
    language,
    subject: words.subject[subject](event.name),
    signature: mail.organizationName,
    blocks: blocks.filter((block) => block !== undefined),
  });
}

const toTicketText = (line: OrderLine, language: Language): string =>
  [line.ticketTypeName, toPlace(line, language)].filter((text) => text !== '').join(', ');

function toSums(mail: OrderMail, money: (amountMinor: number) => string): readonly Fact[] {
  const { totalMinor, paidMinor, cardFeesMinor, balanceMinor } = mail;
  const words = WORDS[mail.language];
  const sums: readonly [string, number, boolean][] = [
    [words.total, totalMinor, true],
    [words.paid, paidMinor, totalMinor > 0 || paidMinor > 0],
    [words.cardFees, cardFeesMinor, cardFeesMinor > 0],
    [words.due, balanceMinor, balanceMinor > 0],
    [words.back, -balanceMinor, balanceMinor < 0],
  ];
  return sums
    .filter(([, , isTold]) => isTold)
    .map(([label, amountMinor]) => ({ label, value: money(amountMinor) }));
}
