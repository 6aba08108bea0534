import { expect, it } from 'vitest';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const patch = async (key: string, fees: unknown) =>
  world.organizers('PATCH /v1/organization', { key, body: { fees } });

it('an organization has no fees; a change keeps what it does not name, null takes them away', async () => {
  const { key } = await world.newOrganization();
  const before = await world.organizers('GET /v1/organization', { key });
  expect(before.body).not.toHaveProperty('fees');
  const flats = { EUR: { platformMinor: 150, cardMinor: 30 } };
  expect((await patch(key, { flats, platformBp: 350 })).body.fees).toEqual({
    flats,
    platformBp: 350,
    cardBp: 0,
    internationalCardBp: 0,
    mode: 'passed_on',
    cardFeeRefundable: true,
  });
  expect((await patch(key, { mode: 'absorbed' })).body.fees).toMatchObject({
    flats,
    platformBp: 350,
    mode: 'absorbed',
  });
  expect((await patch(key, null)).body).not.toHaveProperty('fees');
});

it('422 for fees beyond their limits, all at once', async () => {
  const { key } = await world.newOrganization();
  const flats = { EUR: { platformMinor: -1, cardMinor: 0.5 } };
  const reply = await patch(key, { flats, cardBp: 4_001, mode: 'hidden' });
  expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '/fees/flats/EUR/platformMinor',
    '/fees/flats/EUR/cardMinor',
    '/fees/cardBp',
    '/fees/mode',
  ]);
});
