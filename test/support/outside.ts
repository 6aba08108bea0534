// What is outside of us besides the table, in memory: it does what it promises, and each call to it is one at which a
// process can die. A queue keeps what it took, a provider pays once for a transaction, and a mail that was handed over
// is sent.
import type { Mailer } from '../../lib/app/mail-ports.ts';
import type { OutboxEntry, OutboxQueues, QueueName } from '../../lib/app/outbox-ports.ts';
import type { ProviderRefund, StripeGateway } from '../../lib/app/payment-ports.ts';
import { reach } from './lives.ts';

export function createOutside() {
  const queues = new Map<string, OutboxEntry[]>();
  const refunds = new Map<string, ProviderRefund>();
  const mails = new Map<string, number>();
  const toQueue = (queue: QueueName, orderId: number) => `${queue} ${orderId}`;
  return {
    /** What a queue took of an order. */
    taken: (queue: QueueName, orderId: number): readonly OutboxEntry[] =>
      queues.get(toQueue(queue, orderId)) ?? [],
    /** What went back of a payment. */
    givenBack: (payment: string): number =>
      [...refunds.values()]
        .filter(({ providerPaymentId }) => providerPaymentId === payment)
        .reduce((total, { amountMinor }) => total + amountMinor, 0),
    /** How often a mail was sent. */
    sent: (mailId: string): number => mails.get(mailId) ?? 0,
    queues: {
      send: async (queue, entries) =>
        reach(async () => {
          for (const { outboxId, message } of entries) {
            if (!('orderId' in message)) continue;
            const name = toQueue(queue, message.orderId);
            queues.set(name, [...(queues.get(name) ?? []), { outboxId, message }]);
          }
          return [];
        }),
      report: async () => undefined,
    } satisfies OutboxQueues,
    provider: {
      refund: async (_keys, refund) =>
        reach(async () => {
          const { transactionId, attempt = '' } = refund;
          const name = `${transactionId}${attempt}`;
          if (!refunds.has(name)) refunds.set(name, refund);
          return 'done' as const;
        }),
    } satisfies Pick<StripeGateway, 'refund'>,
    mailer: {
      prepare:
        async ({ mailId }) =>
        async () =>
          reach(async () => void mails.set(mailId, (mails.get(mailId) ?? 0) + 1)),
      pace: async () => undefined,
    } satisfies Mailer,
    /** An order is done with. */
    forget(orderId: number): void {
      for (const queue of ['email', 'refunds'] as const) queues.delete(toQueue(queue, orderId));
      for (const [name, refund] of refunds) if (refund.orderId === orderId) refunds.delete(name);
    },
  };
}
