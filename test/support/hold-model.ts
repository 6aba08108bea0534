// The rules of holds as a small machine, fed with what was committed, in the order in which it was: it knows whose each
// ticket is, and throws at the first write that the rules don't allow.
import type { AttributeValue, DynamoDBRecord } from 'aws-lambda';

interface ModelHold {
  readonly name: string;
  readonly tickets: readonly string[];
  status: string;
  expiresAtMs: number;
}

type Image = Readonly<Record<string, AttributeValue>>;

export function createHoldModel() {
  const holds = new Map<string, ModelHold>();
  /** Of each ticket the hold that took it last, and still has it unless it is over or let it go. */
  const owners = new Map<string, ModelHold>();
  const sold = new Set<string>();
  /** What a ticket has to say once the hold's transaction is written. */
  const expected = new Map<string, number | undefined>();

  const say = (hold: ModelHold, untilMs: number | undefined): void => {
    for (const ticket of hold.tickets) expected.set(ticket, untilMs);
  };
  const check = (isRight: boolean, hold: ModelHold, what: string): void => {
    if (!isRight) throw new Error(`${hold.name} ${what}`);
  };
  const hasAll = (hold: ModelHold): boolean =>
    hold.tickets.every((ticket) => owners.get(ticket) === hold);

  function place(key: string, image: Image): void {
    const hold = toHold(image);
    const nowMs = toNumber(image['createdAtMs']);
    check(hold.status === 'HELD', hold, 'began otherwise than held');
    for (const ticket of hold.tickets) {
      const owner = owners.get(ticket);
      check(!sold.has(ticket), hold, `took a ticket that ${owner?.name} had bought`);
      const isFree = owner === undefined || owner.expiresAtMs <= nowMs;
      check(isFree, hold, `took a ticket of ${owner?.name}`);
      owners.set(ticket, hold);
    }
    holds.set(key, hold);
    say(hold, hold.expiresAtMs);
  }

  function change(key: string, image: Image): void {
    const hold = holds.get(key);
    if (hold === undefined) throw new Error(`${key} was changed before it was there`);
    const { status, expiresAtMs } = toHold(image);
    check(hold.status === 'HELD', hold, `became ${status} after it was ${hold.status}`);
    if (status !== 'EXPIRED') check(hasAll(hold), hold, `became ${status} without its tickets`);
    hold.status = status;
    hold.expiresAtMs = expiresAtMs;
    if (status === 'HELD') say(hold, expiresAtMs);
    if (status === 'INVOICED') for (const ticket of hold.tickets) sold.add(ticket);
    if (status === 'RELEASED') for (const ticket of hold.tickets) owners.delete(ticket);
    if (status === 'RELEASED' || status === 'INVOICED') say(hold, undefined);
  }

  return {
    sold: sold as ReadonlySet<string>,
    replay(records: readonly DynamoDBRecord[]): void {
      for (const { eventName, dynamodb } of records) {
        const image = dynamodb?.NewImage;
        const kind = image?.['kind']?.S;
        const key = dynamodb?.Keys?.['pk']?.S ?? '';
        if (image === undefined) continue;
        if (kind === 'hold') (eventName === 'INSERT' ? place : change)(key, image);
        if (kind === 'ticket') expectTicket(key, image);
      }
    },
  };

  /** The hold of a transaction comes first in it. */
  function expectTicket(key: string, image: Image): void {
    const ticket = key.slice(key.lastIndexOf('#') + 1);
    const hld = image['hld']?.N;
    const untilMs = hld === undefined ? undefined : Number(hld);
    if (untilMs !== expected.get(ticket)) {
      throw new Error(`${ticket} says ${untilMs} and not ${expected.get(ticket)}`);
    }
  }
}

const toNumber = (value: AttributeValue | undefined): number => Number(value?.N);
const toHold = (image: Image): ModelHold => ({
  name: `${image['marketplace']?.S}/${image['holdRequestId']?.S}`,
  tickets: (image['tickets']?.L ?? []).map(({ M }) => M?.['barcode']?.S ?? ''),
  status: image['status']?.S ?? '',
  expiresAtMs: toNumber(image['expiresAtMs']),
});
