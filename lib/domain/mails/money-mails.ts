// Mails about money alone: the link to pay what is due, and what goes back.
import { toMoneyText } from '../formats.ts';
import { toMailContent } from './layout.ts';
import type { Language, MailContent, PaymentLinkMail, RefundMail } from './mail.ts';
import { toOrderFacts } from './words.ts';

interface LinkWords {
  readonly subject: (event: string) => string;
  readonly due: (amount: string) => string;
  readonly pay: string;
}

const LINK_WORDS: Readonly<Record<Language, LinkWords>> = {
  en: {
    subject: (event) => `Payment for ${event}`,
    due: (amount) => `${amount} of your order is still to be paid.`,
    pay: 'Pay now',
  },
  nl: {
    subject: (event) => `Betaling voor ${event}`,
    due: (amount) => `Van je bestelling staat nog ${amount} open.`,
    pay: 'Nu betalen',
  },
};

export function toPaymentLinkMail(mail: PaymentLinkMail): MailContent {
  const { language, event, balanceMinor, currency, payUrl } = mail;
  const words = LINK_WORDS[language];
  const due = words.due(toMoneyText(balanceMinor, currency, language));
  return toMailContent({
    language,
    subject: words.subject(event.name),
    signature: mail.organizationName,
    blocks: [
      { kind: 'paragraph', text: due },
      { kind: 'facts', facts: toOrderFacts(mail) },
      { kind: 'link', label: words.pay, url: payUrl },
    ],
  });
}

interface RefundWords {
  readonly subject: (event: string) => string;
  readonly why: Readonly<Record<RefundMail['reason'], string>>;
  readonly back: (amount: string) => string;
}

const REFUND_WORDS: Readonly<Record<Language, RefundWords>> = {
  en: {
    subject: (event) => `Refund for ${event}`,
    why: {
      refunded: 'Your order was refunded.',
      exchanged: 'Your order was changed and costs less now.',
      canceled: 'Your order was canceled.',
    },
    back: (amount) =>
      `You get ${amount} back, in the way you paid. It can take a few working days.`,
  },
  nl: {
    subject: (event) => `Terugbetaling voor ${event}`,
    why: {
      refunded: 'Je bestelling is terugbetaald.',
      exchanged: 'Je bestelling is gewijzigd en kost nu minder.',
      canceled: 'Je bestelling is geannuleerd.',
    },
    back: (amount) =>
      `Je krijgt ${amount} terug, op de manier waarop je betaald hebt. Dat kan een paar werkdagen duren.`,
  },
};

export function toRefundMail(mail: RefundMail): MailContent {
  const { language, event, reason, amountMinor, currency } = mail;
  const words = REFUND_WORDS[language];
  const back = words.back(toMoneyText(amountMinor, currency, language));
  return toMailContent({
    language,
    subject: words.subject(event.name),
    signature: mail.organizationName,
    blocks: [
      { kind: 'paragraph', text: `${words.why[reason]} ${back}` },
      { kind: 'facts', facts: toOrderFacts(mail) },
    ],
  });
}
