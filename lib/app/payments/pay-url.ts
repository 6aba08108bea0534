// The address of an order's payment page, as mails carry it.
import type { Order } from '../../domain/orders/order.ts';
import { toPayToken } from '../../domain/pay-token.ts';
import type { ContactStore } from '../contact-ports.ts';

export interface PayUrlDeps {
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  /** Where buyers reach the API, without a slash at its end. */
  readonly publicUrl: string;
}

export const createPayUrl =
  ({ contacts, publicUrl }: PayUrlDeps) =>
  async ({ organizationId, orderId }: Order): Promise<string> => {
    const secret = await contacts.loadSecret(organizationId);
    return `${publicUrl}/pay/${toPayToken({ organizationId, orderId }, secret)}`;
  };
