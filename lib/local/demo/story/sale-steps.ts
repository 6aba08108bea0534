// Tickets are sold: a paid one comes to its buyer by mail and is let in, an unpaid one comes with the way to pay it.
import { type Answer, createApi, readAnswer } from '../api.ts';
import { awaitAnswer } from '../upload.ts';
import { aTextLike, including } from './expected.ts';
import { recall, type Step, type Story } from './step.ts';

interface Mail {
  readonly destination: { readonly to: readonly string[] };
  readonly subject: string;
  readonly body: { readonly text: string };
  readonly attachments: readonly { readonly filename: string }[];
}

const OWN_BARCODE = aTextLike(/^[0-9A-HJKMNP-TV-Z]{16}$/);
const LINK = /https?:\/\/\S+\/pay\/\S+/;

const toAddress = ({ eventId }: Story, who: 'cora' | 'lou'): string => `${who}@${eventId}.example`;

const sell = (story: Story, who: 'cora' | 'lou', sale: Record<string, unknown>): Promise<Answer> =>
  story.api('POST', `/v1/events/${story.eventId}/orders`, {
    key: story.organizerKey,
    body: {
      buyer: { firstName: who === 'cora' ? 'Cora' : 'Lou', email: toAddress(story, who) },
      items: [{ ticketTypeId: story.ticketTypeIds.regular, quantity: 1 }],
      ...sale,
    },
  });

const learnBarcode =
  (name: string): NonNullable<Step['learn']> =>
  ({ learned }, { tickets }) =>
    void learned.set(name, (tickets as { readonly barcode: string }[])[0]?.barcode);

const mailsTo = ({ body }: Answer, address: string): readonly Mail[] =>
  (body as { readonly emails: readonly Mail[] }).emails.filter(({ destination }) =>
    destination.to.includes(address),
  );

/** As many as are expected, by their subjects. */
async function readMails(story: Story, who: 'cora' | 'lou', count: number): Promise<Answer> {
  const address = toAddress(story, who);
  const answer = await awaitAnswer(createApi(story.inboxUrl), {
    path: '/store',
    isUnderWay: (inbox) => mailsTo(inbox, address).length < count,
  });
  const mails = mailsTo(answer, address)
    .map(({ subject, attachments, body: { text } }) => {
      const link = LINK.exec(text)?.[0];
      const files = attachments.map(({ filename }) => filename);
      return { subject, attachments: files, ...(link === undefined ? {} : { link }) };
    })
    .toSorted((one, other) => (one.subject < other.subject ? -1 : 1));
  return { status: answer.status, body: { mails } };
}

const scan = (story: Story, barcode: string, scanId: string): Promise<Answer> =>
  story.api('POST', '/v1/validate', {
    key: recall<string>(story, 'deviceKey'),
    body: { scanId, eventId: story.eventId, barcode },
  });

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
    title: 'the confirmation and the payment link come by mail',
    ask: (story) => readMails(story, 'lou', 2),
    status: 200,
    body: () => ({
      mails: [
        { subject: 'Payment for Story Night', attachments: [], link: aTextLike(LINK) },
        { subject: 'Your order for Story Night', attachments: [], link: aTextLike(LINK) },
      ],
    }),
    learn: ({ learned }, { mails }) =>
      void learned.set('payLink', (mails as { readonly link: string }[])[0]?.link),
  },
  {
    title: 'the link opens the payment page',
    ask: async (story) => {
      const { status, body } = await readAnswer(await fetch(recall<string>(story, 'payLink')));
      return { status, body: { due: /To be paid\D*(€[\d.]+)/.exec(String(body))?.[1] } };
    },
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
