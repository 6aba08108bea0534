// Dora's ticket changes its type: up, with the difference paid by the link, and down, refunded over both of her payments.
import type { Answer } from '../api.ts';
import { LINK, openPayPage, OWN_BARCODE, readMails, scan, sell } from './buyers.ts';
import { aPositiveInteger, aText, aTextLike, including } from './expected.ts';
import { recall, type Step, type Story } from './step.ts';

const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

const toPath = (story: Story, rest: string): string =>
  `/rest/host/event/${story.eventId}/order/${recall<number>(story, 'doraOrder')}${rest}`;

const toWish = (story: Story, newTicketTypeId: number) => ({
  eventTicketId: recall<number>(story, 'doraTicket'),
  newTicketTypeId,
  sentMailToAttendee: false,
  orderId: recall<number>(story, 'doraOrder'),
});

const quote = (story: Story, to: number): Promise<Answer> =>
  story.api('POST', toPath(story, '/transfer-event-ticket/quote'), {
    key: story.organizerKey,
    body: toWish(story, to),
  });

const exchange = (story: Story, to: number): Promise<Answer> =>
  story.api('PUT', toPath(story, '/transfer-event-ticket'), {
    key: story.organizerKey,
    body: toWish(story, to),
  });

const readOrder = (story: Story): Promise<Answer> =>
  story.api('GET', `/v1/orders/${recall<number>(story, 'doraOrder')}`, {
    key: story.organizerKey,
  });

const toVip = ({ ticketTypeIds }: Story): number => ticketTypeIds.vip;
const toStanding = (story: Story): number => recall<number>(story, 'standingType');
/** Of the sale, two exchanges and a payment, the link and the refund. */
const DORA_MAILS = 6;
const SUCCESS = { type: 'Success', message: 'Success' };
const CHANGED = { subject: 'Your changed order for Story Night', attachments: ['tickets.pdf'] };
const CONFIRMATION = { subject: 'Your tickets for Story Night', attachments: ['tickets.pdf'] };

const UPGRADE_STEPS: readonly Step[] = [
  {
    title: 'a ticket of 25.00 is sold to Dora, who pays in cash',
    ask: (story) => sell(story, 'dora', { payment: { paymentType: 'CASH' } }),
    status: 201,
    body: () => including({ status: 'PAID', tickets: [including({ barcode: OWN_BARCODE })] }),
    learn: ({ learned }, { orderId, tickets }) => {
      const [ticket] = tickets as { readonly eventTicketId: number; readonly barcode: string }[];
      learned.set('doraOrder', orderId).set('doraTicket', ticket?.eventTicketId);
      learned.set('doraBarcode', ticket?.barcode);
    },
  },
  {
    title: 'it comes by mail',
    ask: (story) => readMails(story, 'dora', 1),
    status: 200,
    body: () => ({ mails: [CONFIRMATION] }),
  },
  {
    title: 'her upgrade to VIP is quoted: 35.00 would be due',
    ask: (story) => quote(story, toVip(story)),
    status: 200,
    body: () => including({ case: 'HIGHER_PRICE', paid: 25, pays: 0, refunds: 0, due: 35 }),
  },
  {
    title: 'it is exchanged, without money',
    ask: (story) => exchange(story, toVip(story)),
    status: 200,
    body: () => SUCCESS,
  },
  {
    title: 'a confirmation comes by mail, and the link to pay',
    ask: (story) => readMails(story, 'dora', 3),
    status: 200,
    body: () => ({
      mails: [
        { subject: 'Payment for Story Night', attachments: [], link: aTextLike(LINK) },
        { ...CHANGED, link: aTextLike(LINK) },
        CONFIRMATION,
      ],
    }),
    learn: ({ learned }, { mails }) =>
      void learned.set('doraLink', (mails as { readonly link: string }[])[0]?.link),
  },
  {
    title: 'the link shows what is due',
    ask: async (story) => openPayPage(recall<string>(story, 'doraLink')),
    status: 200,
    body: () => ({ due: '€35.00' }),
  },
  {
    title: 'Dora pays as the page says, and the organizer marks it as paid',
    ask: (story) =>
      story.api('POST', toPath(story, '/settle'), {
        key: story.organizerKey,
        body: { action: 'MARK_AS_PAID', amount: 35, paymentType: 'TRANSFER' },
      }),
    status: 200,
    body: () => including({ status: 'PAID', total: eur(6000), paid: eur(6000), balance: eur(0) }),
  },
];

const toEntry = (kind: string, paymentType: string, amountMinor: number) =>
  including({ kind, paymentType, amount: eur(amountMinor), status: 'DONE' });

const DOWNGRADE_STEPS: readonly Step[] = [
  {
    title: 'the ticket type Standing is made',
    ask: ({ api, organizerKey: key, eventId }) =>
      api('POST', `/v1/events/${eventId}/ticket-types`, {
        key,
        body: { name: 'Standing', kind: 'single', price: eur(1000) },
      }),
    status: 201,
    body: () => including({ ticketTypeId: aPositiveInteger, name: 'Standing', price: eur(1000) }),
    learn: ({ learned }, { ticketTypeId }) => void learned.set('standingType', ticketTypeId),
  },
  {
    title: 'her downgrade is quoted: 50.00 would go back, the newest payment first',
    ask: (story) => quote(story, toStanding(story)),
    status: 200,
    body: () =>
      including({
        case: 'LOWER_PRICE',
        paid: 60,
        refunds: 50,
        due: 0,
        transactions: [
          including({ kind: 'REFUND', paymentType: 'TRANSFER', amount: 35, of: aText }),
          including({ kind: 'REFUND', paymentType: 'CASH', amount: 15, of: aText }),
        ],
      }),
  },
  {
    title: 'it is exchanged',
    ask: (story) => exchange(story, toStanding(story)),
    status: 200,
    body: () => SUCCESS,
  },
  {
    title: 'both of her payments gave back what was quoted, and 10.00 stay paid',
    ask: readOrder,
    status: 200,
    body: () =>
      including({
        status: 'PAID',
        total: eur(1000),
        paid: eur(1000),
        balance: eur(0),
        cardFees: eur(0),
        transactions: [
          toEntry('PAYMENT', 'CASH', 2500),
          toEntry('PAYMENT', 'TRANSFER', 3500),
          toEntry('REFUND', 'TRANSFER', 3500),
          toEntry('REFUND', 'CASH', 1500),
        ],
      }),
  },
  {
    title: 'she is told of the refund',
    ask: async (story) => {
      const { status, body } = await readMails(story, 'dora', DORA_MAILS);
      const { mails } = body as { readonly mails: readonly { readonly subject: string }[] };
      return { status, body: { subjects: mails.map(({ subject }) => subject) } };
    },
    status: 200,
    body: () => ({
      subjects: [
        'Payment for Story Night',
        'Refund for Story Night',
        CHANGED.subject,
        CHANGED.subject,
        CONFIRMATION.subject,
        CONFIRMATION.subject,
      ],
    }),
  },
  {
    title: 'Dora is admitted with the barcode that she had from the start',
    ask: (story) => scan(story, recall(story, 'doraBarcode'), 'dora-1'),
    status: 200,
    body: (story) =>
      including({
        outcome: 'ADMITTED',
        ticket: including({ ticketTypeId: toStanding(story), origin: 'SOLD' }),
      }),
  },
];

export const EXCHANGE_STEPS: readonly Step[] = [...UPGRADE_STEPS, ...DOWNGRADE_STEPS];
