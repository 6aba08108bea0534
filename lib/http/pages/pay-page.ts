// The payment page: for which event and order, what is due, and how to pay it. Written from plain values.
import { toMoneyText } from '../../domain/formats.ts';
import { html, type Html } from '../../domain/html.ts';
import type { MailEvent } from '../../domain/mails/mail.ts';
import { toOrderFacts } from '../../domain/mails/words.ts';
import type { Organization } from '../../domain/organization.ts';
import { toPage } from './page.ts';

type Language = Organization['language'];

export interface PayPage {
  readonly language: Language;
  readonly organizationName: string;
  readonly event: MailEvent;
  readonly orderId: number;
  readonly currency: string;
  readonly totalMinor: number;
  readonly paidMinor: number;
  readonly balanceMinor: number;
  /** `due` only while the balance is above 0. */
  readonly state: 'due' | 'settled' | 'canceled';
  /** Online the buyer pays the balance and the card's fee; without it the organizer says how. */
  readonly online?: { readonly cardFeeMinor: number } | undefined;
  /** The organizer's own words: plain text with line breaks. */
  readonly instructions?: string | undefined;
}

const WORDS = {
  en: {
    title: (event: string) => `Payment for ${event}`,
    order: 'Your order',
    amounts: 'Amounts',
    total: 'Total',
    paid: 'Paid',
    due: 'To be paid',
    cardFee: 'Card fee',
    charged: 'To be paid by card',
    pay: (amount: string) => `Pay ${amount}`,
    how: 'How to pay',
    ask: 'Please ask the organizer how to pay.',
    settled: 'Nothing is due: this order is paid. Thank you.',
    canceled: 'This order was canceled. Nothing is due.',
  },
  nl: {
    title: (event: string) => `Betaling voor ${event}`,
    order: 'Je bestelling',
    amounts: 'Bedragen',
    total: 'Totaal',
    paid: 'Betaald',
    due: 'Te betalen',
    cardFee: 'Kaartkosten',
    charged: 'Te betalen met kaart',
    pay: (amount: string) => `${amount} betalen`,
    how: 'Zo betaal je',
    ask: 'Vraag de organisator hoe je kunt betalen.',
    settled: 'Er staat niets open: deze bestelling is betaald. Bedankt.',
    canceled: 'Deze bestelling is geannuleerd. Er staat niets open.',
  },
} as const satisfies Record<Language, unknown>;

export function toPayPage(page: PayPage): string {
  const { language, event, state } = page;
  const words = WORDS[language];
  const content =
    state === 'due'
      ? [toAmounts(page), page.online === undefined ? toInstructions(page) : toForm(page)]
      : [html`<p role="status">${words[state]}</p>`];
  return toPage({
    language,
    title: words.title(event.name),
    content: [toFacts(page), ...content],
    signature: page.organizationName,
  });
}

const toFacts = (page: PayPage): Html =>
  html`<table aria-label="${WORDS[page.language].order}">
    <tbody>
      ${toOrderFacts(page).map(
        ({ label, value }) =>
          html`<tr>
            <th scope="row">${label}</th>
            <td><bdi>${value}</bdi></td>
          </tr>`,
      )}
    </tbody>
  </table>`;

function toAmounts(page: PayPage): Html {
  const { language, currency, totalMinor, paidMinor, balanceMinor, online } = page;
  const words = WORDS[language];
  const cardFeeMinor = online?.cardFeeMinor ?? 0;
  const rows = [
    { label: words.total, amountMinor: totalMinor, isSum: false },
    { label: words.paid, amountMinor: paidMinor, isSum: false },
    { label: words.due, amountMinor: balanceMinor, isSum: true },
    ...(cardFeeMinor === 0
      ? []
      : [
          { label: words.cardFee, amountMinor: cardFeeMinor, isSum: false },
          { label: words.charged, amountMinor: balanceMinor + cardFeeMinor, isSum: true },
        ]),
  ];
  return html`<table aria-label="${words.amounts}">
    <tbody>
      ${rows.map(
        ({ label, amountMinor, isSum }) =>
          html`<tr class="${isSum ? 'sum' : 'part'}">
            <th scope="row">${label}</th>
            <td class="amount">${toMoneyText(amountMinor, currency, language)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** Posts to this very address. */
function toForm({ language, currency, balanceMinor, online }: PayPage): Html {
  const amountMinor = balanceMinor + (online?.cardFeeMinor ?? 0);
  const label = WORDS[language].pay(toMoneyText(amountMinor, currency, language));
  return html`<form method="post"><button type="submit">${label}</button></form>`;
}

function toInstructions({ language, instructions }: PayPage): Html {
  const words = WORDS[language];
  return html`<section aria-labelledby="how">
    <h2 id="how">${words.how}</h2>
    <p class="text" dir="auto">${instructions ?? words.ask}</p>
  </section>`;
}

/** For every link that leads nowhere; it doesn't know whose language to speak. */
export const toNoPayPage = (): string =>
  toPage({
    language: 'en',
    title: 'This payment link is not valid',
    content: [
      html`<p>Please open the link from the newest mail again, or ask the organizer.</p>`,
      html`<p lang="nl">
        Deze betaallink is niet geldig. Open de link uit de nieuwste mail nog eens, of vraag het de
        organisator.
      </p>`,
    ],
  });

/** For everything else that goes wrong. */
export const toFailedPage = (): string =>
  toPage({
    language: 'en',
    title: 'That did not work',
    content: [
      html`<p>Please try again in a moment.</p>`,
      html`<p lang="nl">Dat is niet gelukt. Probeer het zo nog eens.</p>`,
    ],
  });
