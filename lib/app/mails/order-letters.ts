// Letters about an order, written from the order as it is by now: who reads an old confirmation would believe it.
import { present } from '../../domain/assert.ts';
import { toPaymentLinkMail, toRefundMail } from '../../domain/mails/money-mails.ts';
import type { MailContent, RefundMail } from '../../domain/mails/mail.ts';
import { sum } from '../../domain/money.ts';
import type { LedgerEntry } from '../../domain/orders/order.ts';
import type { OutboxMessage, OutboxMessageOf } from '../outbox-ports.ts';
import type { Letter } from './deliver-mail.ts';
import { findAddressee, toMailBase, toSender } from './letter-deps.ts';
import {
  findOrderFacts,
  type OrderFacts,
  type OrderLetterDeps,
  writeOrderContent,
  writeSwappedContent,
} from './order-facts.ts';

export type OrderMessage = OutboxMessageOf<
  'mail.order' | 'mail.paymentLink' | 'mail.refund' | 'mail.reissued' | 'mail.swapped'
>;
export const isOrderMessage = (message: OutboxMessage): message is OrderMessage =>
  message.type.startsWith('mail.') && 'orderId' in message;

export interface Addressed {
  /** Tells the letters of one message apart. */
  readonly to: 'buyer' | 'holder';
  readonly letter: Letter | 'nobody' | 'outdated';
}

/** To the buyer, and to a holder with another address if the message asks for it. */
export async function writeOrderLetters(
  deps: OrderLetterDeps,
  message: OrderMessage,
): Promise<readonly Addressed[]> {
  const facts = await findOrderFacts(deps, message);
  if (facts === undefined) return [{ to: 'buyer', letter: 'nobody' }];
  const content = await writeContent(deps, message, facts);
  if (content === undefined) return [{ to: 'buyer', letter: 'outdated' }];
  const write = async (contactId: string | undefined): Promise<Letter | 'nobody'> => {
    const { organizationId } = facts.order;
    const addressee =
      contactId === undefined ? undefined : await findAddressee(deps, organizationId, contactId);
    return addressee === undefined ? 'nobody' : { ...toSender(facts), ...content, addressee };
  };
  const buyer = { to: 'buyer', letter: await write(facts.order.contactId) } as const;
  const holderId = findHolder(message, facts);
  if (holderId === undefined || holderId === facts.order.contactId) return [buyer];
  return [buyer, { to: 'holder', letter: await write(holderId) }];
}

const findHolder = (message: OrderMessage, { tickets }: OrderFacts): string | undefined =>
  message.type === 'mail.order' && message.alsoHolderOf !== undefined
    ? tickets.find(({ eventTicketId }) => eventTicketId === message.alsoHolderOf)?.contactId
    : undefined;

interface Written extends Pick<Letter, 'attachments'> {
  readonly content: MailContent;
}

/** Undefined when there is nothing to tell any more. */
async function writeContent(
  deps: OrderLetterDeps,
  message: OrderMessage,
  facts: OrderFacts,
): Promise<Written | undefined> {
  switch (message.type) {
    case 'mail.order':
      return writeOrderContent(deps, facts, message.cause === 'exchange' ? 'exchanged' : 'ordered');
    case 'mail.reissued':
      return writeOrderContent(deps, facts, 'exchanged');
    case 'mail.swapped':
      return writeSwappedContent(deps, facts);
    case 'mail.paymentLink':
      return writePaymentLink(deps, facts);
    case 'mail.refund':
      return writeRefund(facts, message.transactionIds);
  }
}

async function writePaymentLink(
  { toPayUrl }: OrderLetterDeps,
  facts: OrderFacts,
): Promise<Written | undefined> {
  const { order, money } = facts;
  if (order.canceled || money.balanceMinor <= 0) return undefined;
  const payUrl = await toPayUrl(order);
  const { orderId, currency } = order;
  const { balanceMinor } = money;
  return {
    content: toPaymentLinkMail({ ...toMailBase(facts), orderId, currency, balanceMinor, payUrl }),
  };
}

/** Nothing goes back of a refund that failed for good: who sees to it tells the buyer. */
function writeRefund(facts: OrderFacts, transactionIds: readonly string[]): Written | undefined {
  const { order } = facts;
  const entries = order.ledger.filter(
    ({ transactionId, kind, status }) =>
      transactionIds.includes(transactionId) && kind === 'REFUND' && status !== 'FAILED',
  );
  const amountMinor = sum(entries.map((entry) => entry.amountMinor));
  if (amountMinor === 0) return undefined;
  const { orderId, currency } = order;
  const reason = toReason(present(entries[0], 'an amount has an entry'));
  return {
    content: toRefundMail({ ...toMailBase(facts), reason, orderId, currency, amountMinor }),
  };
}

function toReason({ cause, withCancel }: LedgerEntry): RefundMail['reason'] {
  if (withCancel === true) return 'canceled';
  return cause === 'exchange' ? 'exchanged' : 'refunded';
}
