// The order behind the token of a payment page, with all that the page shows.
import type { Event } from '../../domain/event.ts';
import { toCardFee, toFees } from '../../domain/orders/fees.ts';
import type { Order } from '../../domain/orders/order.ts';
import { type OrderMoney, toOrderMoney } from '../../domain/orders/totals.ts';
import type { Organization } from '../../domain/organization.ts';
import { isPayToken, parsePayToken } from '../../domain/pay-token.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { EventStore } from '../event-ports.ts';
import type { OrderStore } from '../order-ports.ts';
import type { OrganizationStore } from '../organization-ports.ts';

export interface PayableDeps {
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly orders: Pick<OrderStore, 'load'>;
  readonly events: Pick<EventStore, 'find'>;
}

export interface Payable {
  readonly organization: Organization;
  readonly event: Event;
  readonly order: Order;
  readonly money: OrderMoney;
  readonly state: 'due' | 'settled' | 'canceled';
  /** Of a card that pays the whole balance. */
  readonly cardFeeMinor: number;
}

/** Refuses `not_found` for every token that is none of ours, whatever is wrong with it. */
export async function findPayable(deps: PayableDeps, token: string): Promise<Result<Payable>> {
  const ids = parsePayToken(token);
  if (ids === undefined) return refuse('not_found');
  const organization = await deps.organizations.find(ids.organizationId);
  if (organization === undefined) return refuse('not_found');
  const secret = await deps.contacts.loadSecret(ids.organizationId);
  if (!isPayToken(token, ids, secret)) return refuse('not_found');
  const order = await deps.orders.load(ids.organizationId, ids.orderId);
  if (order === undefined) return refuse('not_found');
  const found = await deps.events.find(ids.organizationId, order.eventId);
  if (found === undefined) return refuse('not_found');
  const money = toOrderMoney(order);
  const fees = toFees(organization.fees, order.currency);
  const cardFeeMinor = toCardFee(money.balanceMinor, fees, { isInternational: false });
  const state = toState(money);
  return ok({ organization, event: found.event, order, money, state, cardFeeMinor });
}

function toState({ status, balanceMinor }: OrderMoney): Payable['state'] {
  if (status === 'CANCELED') return 'canceled';
  return balanceMinor > 0 ? 'due' : 'settled';
}
