// A ticket is sold, and resold at TicketSwap: its barcode is retired, and the buyer's new one admits.
import { aPositiveInteger, aText, aTextLike, including } from './expected.ts';
import { recall, type Step, type Story } from './step.ts';

const OWN_BARCODE = aTextLike(/^[0-9A-HJKMNP-TV-Z]{16}$/);

const scan = (story: Story, barcode: string, scanId: string) =>
  story.api('POST', '/v1/validate', {
    key: recall<string>(story, 'deviceKey'),
    body: { scanId, eventId: story.eventId, barcode },
  });

const swap = (story: Story) =>
  story.api('POST', '/ticketswap/swap', {
    key: recall<string>(story, 'swapKey'),
    body: {
      ticket: { barcode: recall<string>(story, 'soldBarcode'), price: '30.00', currency: 'EUR' },
      customer: { firstName: 'Bea', lastName: 'Buyer', email: 'bea@example.com' },
    },
  });

export const SWAP_STEPS: readonly Step[] = [
  {
    title: 'SecureSwap is switched on',
    ask: ({ api, organizerKey: key }) =>
      api('PATCH', '/v1/organization', { key, body: { secureSwap: { enabled: true } } }),
    status: 200,
    body: () => including({ secureSwap: { enabled: true, capBasis: 'price' } }),
  },
  {
    title: 'TicketSwap gets a key',
    ask: ({ api, organizerKey: key }) =>
      api('POST', '/v1/keys', { key, body: { scope: 'marketplace', marketplace: 'ticketswap' } }),
    status: 201,
    body: () => including({ key: aText, scope: 'marketplace', marketplace: 'ticketswap' }),
    learn: ({ learned }, { key }) => void learned.set('swapKey', key),
  },
  {
    title: 'a ticket is sold to Sam',
    ask: ({ api, organizerKey: key, eventId, ticketTypeIds }) =>
      api('POST', `/v1/events/${eventId}/orders`, {
        key,
        body: {
          buyer: { firstName: 'Sam', lastName: 'Seller', email: 'sam@example.com' },
          items: [{ ticketTypeId: ticketTypeIds.regular, quantity: 1 }],
          payment: { paymentType: 'CASH' },
        },
      }),
    status: 201,
    body: () => including({ status: 'PAID', tickets: [including({ barcode: OWN_BARCODE })] }),
    learn: ({ learned }, { tickets }) => {
      const [ticket] = tickets as { readonly barcode: string }[];
      learned.set('soldBarcode', ticket?.barcode);
    },
  },
  {
    title: 'TicketSwap finds it good, and learns its price',
    ask: (story) =>
      story.api('GET', `/ticketswap/validate?barcode=${recall<string>(story, 'soldBarcode')}`, {
        key: recall<string>(story, 'swapKey'),
      }),
    status: 200,
    body: () =>
      including({
        valid: true,
        swappable: true,
        type: including({ price: '25.00', currency: 'EUR' }),
      }),
  },
  {
    title: 'Bea buys it there: she gets a barcode of her own',
    ask: swap,
    status: 201,
    body: () => ({
      id: aPositiveInteger,
      barcode: OWN_BARCODE,
      pdf: aTextLike(/\/ticketswap\/pdf\//),
      personalization_required: false,
    }),
    learn: ({ learned }, { barcode }) => void learned.set('boughtBarcode', barcode),
  },
  {
    title: 'asked again after a lost answer, it is the same barcode',
    ask: swap,
    status: 201,
    body: (story) => including({ barcode: recall(story, 'boughtBarcode') }),
  },
  {
    title: "Sam's barcode is retired",
    ask: (story) => scan(story, recall(story, 'soldBarcode'), 'sold-1'),
    status: 200,
    body: () => including({ outcome: 'REFUSED', reason: 'SWAPPED' }),
  },
  {
    title: 'Bea is admitted under her own name',
    ask: (story) => scan(story, recall(story, 'boughtBarcode'), 'bought-1'),
    status: 200,
    body: () =>
      including({
        outcome: 'ADMITTED',
        ticket: including({ holderName: 'Bea Buyer', origin: 'SWAP' }),
      }),
  },
  {
    title: 'once admitted it is not for sale any more',
    ask: (story) =>
      story.api('GET', `/ticketswap/validate?barcode=${recall<string>(story, 'boughtBarcode')}`, {
        key: recall<string>(story, 'swapKey'),
      }),
    status: 200,
    body: () => including({ valid: false, swappable: false, error: 'TICKET_ALREADY_SCANNED' }),
  },
];
