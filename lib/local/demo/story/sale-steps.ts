// Tickets are sold: a paid one comes to its buyer by mail and is let in, an unpaid one comes with the way to pay it.
import { learnBarcode, LINK, openPayPage, OWN_BARCODE, readMails, scan, sell } from './buyers.ts';
import { aTextLike, including } from './expected.ts';
import { recall, type Step } from './step.ts';

export const SALE_STEPS: readonly Step[] = [
  {
    title: 'a ticket is sold to Cora, who pays in cash',
    ask: (story) => sell(story, 'cora', { payment: { paymentType: 'CASH' } }),
    status: 201,
    body: () => including({ status: 'PAID', tickets: [including({ barcode: OWN_BARCODE })] }),
    learn: learnBarcode('paidBarcode'),
  },
  {
    title: 'her ticket comes by mail',
    ask: (story) => readMails(story, 'cora', 1),
    status: 200,
    body: () => ({
      mails: [{ subject: 'Your tickets for Story Night', attachments: ['tickets.pdf'] }],
    }),
  },
  {
    title: 'Cora is admitted',
    ask: (story) => scan(story, recall(story, 'paidBarcode'), 'cora-1'),
    status: 200,
    body: () => including({ outcome: 'ADMITTED', ticket: including({ origin: 'SOLD' }) }),
  },
  {
    title: 'a ticket is sold to Lou, who pays later',
    ask: (story) => sell(story, 'lou', {}),
    status: 201,
    body: () => including({ status: 'UNPAID', balance: { amountMinor: 2500, currency: 'EUR' } }),
    learn: learnBarcode('unpaidBarcode'),
  },
  {
    title: 'the confirmation comes by mail, with the payment link',
    ask: (story) => readMails(story, 'lou', 1),
    status: 200,
    body: () => ({
      mails: [{ subject: 'Your order for Story Night', attachments: [], link: aTextLike(LINK) }],
    }),
    learn: ({ learned }, { mails }) =>
      void learned.set('payLink', (mails as { readonly link: string }[])[0]?.link),
  },
  {
    title: 'the link opens the payment page',
    ask: async (story) => openPayPage(recall<string>(story, 'payLink')),
    status: 200,
    body: () => ({ due: '€25.00' }),
  },
  {
    title: 'until it is paid the door refuses it',
    ask: (story) => scan(story, recall(story, 'unpaidBarcode'), 'lou-1'),
    status: 200,
    body: () => including({ outcome: 'REFUSED', reason: 'UNPAID' }),
  },
];
