// Every row of section 7's table × state × fee mode × way to pay × currency, over HTTP: each figure of the order, and the
// quote before it, against what was calculated by hand in test/support/exchange-matrix.ts.
import pMap from 'p-map';
import { describe, expect, it } from 'vitest';
import { createExchangeWorld, GOLDEN_FEES } from '../../support/exchange-world.ts';
import { ABSORBED_CASES } from '../../support/exchange-matrix-absorbed.ts';
import { type MatrixCase, PARTS, PASSED_ON_CASES, PRICES } from '../../support/exchange-matrix.ts';
import { toLean } from '../../support/lean-client.ts';
import { createTestTable } from '../../support/table.ts';
import type { EventToSell } from '../../support/order-world.ts';

const FLATS = {
  JPY: { platformMinor: 20, cardMinor: 5 },
  EUR: { platformMinor: 150, cardMinor: 30 },
  KWD: { platformMinor: 1500, cardMinor: 300 },
};
const DIGITS: Readonly<Record<string, number>> = { JPY: 0, EUR: 2, KWD: 3 };
/** While the table writes for one, the program thinks for another. */
const AT_ONCE = 7;
const world = await createExchangeWorld(toLean(await createTestTable()));

interface Stage {
  readonly event: EventToSell;
  readonly types: Readonly<Record<string, number>>;
}
/** One event for each currency, with two types of each price. */
async function toStage(currency: string): Promise<Stage> {
  const types: Record<string, number> = {};
  const event = await world.newEvent({ currency }, { price: { amountMinor: 0, currency } });
  for (const [name, amountMinor] of Object.entries(PRICES[currency] ?? {})) {
    types[name] = await world.typeOf(event, amountMinor, currency);
    types[`other ${name}`] = await world.typeOf(event, amountMinor, currency);
  }
  return { event, types };
}

async function prepare({ event, types }: Stage, [currency, mode, from, state]: MatrixCase) {
  const [, how, by = ''] = /^(paid|partly|pays|unpaid|complimentary)(?: (\w+))?/.exec(state) ?? [];
  const paid = { paid: by, complimentary: 'COMPLIMENTARY' }[how ?? ''];
  const sold = await world.sell(event, {
    items: [{ ticketTypeId: types[from], quantity: 1 }],
    ...(paid === undefined ? {} : { payment: { paymentType: paid } }),
  });
  const { orderId, tickets } = sold.body;
  if (how === 'partly') {
    const amount = PARTS[currency]?.[by === 'CARD' ? mode : by];
    const body = { action: 'MARK_AS_PAID', amount, paymentType: by };
    expect((await world.settle(event, orderId, body)).status).toBe(200);
  }
  return { orderId, eventTicketId: tickets[0].eventTicketId };
}

const toMinor = (amount: number, currency: string): number =>
  Math.round(amount * 10 ** (DIGITS[currency] ?? 2));

async function check(stage: Stage, matrixCase: MatrixCase): Promise<void> {
  const [currency, , , state, to, entries, sums, status] = matrixCase;
  const { event, types } = stage;
  const made = await prepare(stage, matrixCase);
  const paying = /pays (\w+)/.exec(state)?.[1];
  const [, amountMinor = ''] = entries.split(' ');
  const amount = (Number(amountMinor) / 10 ** (DIGITS[currency] ?? 2)).toFixed(DIGITS[currency]);
  const exchange = {
    ...made,
    event,
    to: types[`other ${to}`] ?? 0,
    ...(paying === undefined ? {} : { payment: { paymentType: paying, amount } }),
  };
  // What the order was prepared with.
  const before = /^pa(id|rtly)/.test(state) ? 1 : 0;
  const quoted = (await world.quote(exchange)).body;
  expect((await world.exchange({ ...exchange, quoteId: quoted.quoteId })).status).toBe(200);
  const order = await world.read(made.orderId);
  const { total, paid, balance, cardFees } = order;
  expect([total, paid, balance, cardFees].map((sum) => sum.amountMinor)).toEqual(sums);
  expect(order.status).toBe(status);
  type Entry = Record<'amount' | 'cardFee', { amountMinor: number }> & { kind: string };
  const written = order.transactions.slice(before).map((entry: Entry) => {
    return `${entry.kind} ${entry.amount.amountMinor} ${entry.cardFee.amountMinor}`;
  });
  expect(written.join(', ')).toBe(entries);
  const { after } = quoted.order;
  const told = [after.total, after.paid, after.balance, after.cardFees];
  expect(told.map((sum) => toMinor(sum, currency))).toEqual(sums);
  expect(after.status).toBe(status);
}

describe.each(['passed_on', 'absorbed'])('%s', (mode) => {
  it.each(['JPY', 'EUR', 'KWD'])('to the cent in %s', async (currency) => {
    await world.fees({ ...GOLDEN_FEES, flats: FLATS, mode });
    const stage = await toStage(currency);
    const cases = [...PASSED_ON_CASES, ...ABSORBED_CASES].filter(
      (one) => one[0] === currency && one[1] === mode,
    );
    expect(cases).toHaveLength(28);
    const checkOne = async (one: MatrixCase): Promise<void> =>
      check(stage, one).catch((error: unknown) => {
        throw new Error(`${one.join(' | ')}: ${String(error)}`, { cause: error });
      });
    await pMap(cases, checkOne, { concurrency: AT_ONCE });
  });
});
