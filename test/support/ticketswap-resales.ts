// What a TicketSwap that knows nothing but its protocol does with a ticket, and what the door says meanwhile.
import { expect } from 'vitest';
import type { createTicketSwapClient, Swapped } from './ticketswap-client.ts';

/** Answers what the door said of the last barcode. */
export async function playResales({
  client,
  barcode,
  scan,
}: {
  readonly client: ReturnType<typeof createTicketSwapClient>;
  /** Of a ticket that may be resold. */
  readonly barcode: string;
  readonly scan: (barcode: string) => Promise<unknown>;
}): Promise<unknown> {
  const grace = { firstName: 'Grace', lastName: 'Hopper', email: 'grace@resales.example' };
  const joan = { firstName: 'Joan', lastName: 'Clarke', email: 'joan@resales.example' };
  const offered = await client.validate(barcode);
  expect(offered).toMatchObject({ barcode, valid: true, swappable: true, scanned_at: null });
  expect(offered).not.toHaveProperty('error');
  await client.lock(offered.id);
  await client.lock(offered.id);
  expect(await client.validate(barcode)).toMatchObject({ valid: true, swappable: true });

  const first = (await client.swap(barcode, grace)) as Swapped;
  expect(await scan(barcode)).toMatchObject({ outcome: 'REFUSED', reason: 'SWAPPED' });
  const retired = { barcode, valid: false, swappable: false, error: 'TICKET_ALREADY_SWAPPED' };
  expect(await client.validate(barcode)).toMatchObject(retired);
  expect(await client.swap(barcode, joan)).toEqual(retired);
  expect(await client.swap(barcode, grace)).toEqual(first);

  // Listed and taken back, then sold on.
  await client.lock(first.id);
  await client.unlock(first.id);
  const second = (await client.swap(first.barcode, joan)) as Swapped;
  expect(new Set([barcode, first.barcode, second.barcode]).size).toBe(3);
  expect(await scan(first.barcode)).toMatchObject({ outcome: 'REFUSED', reason: 'SWAPPED' });
  const entry = await scan(second.barcode);
  expect(await client.validate(second.barcode)).toMatchObject({
    swappable: false,
    error: 'TICKET_ALREADY_SCANNED',
    scanned_at: expect.any(String),
  });
  expect(await client.swap(second.barcode, grace)).toMatchObject({
    error: 'TICKET_ALREADY_SCANNED',
  });
  return entry;
}
