// A waiver of a sale: asked for, noted, and told by its evidence.
import { describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../lib/adapters/verify-evidence.ts';
import { createMarketplaceWorld } from '../../support/marketplace-world.ts';
import { createOutage } from '../../support/outage-sale.ts';

const world = await createMarketplaceWorld();
const { key, marketplaces } = world;
const { sellLate, read } = await createOutage(world);

describe('POST /v1/sales/{saleId}/waive', () => {
  const waive = async (saleId: string, body: object = {}, of = key) =>
    marketplaces(`POST /v1/sales/${saleId}/waive`, { key: of, body });

  it('asks for a waiver and notes it, and the evidence tells of both', async () => {
    const { saleId } = await sellLate('waived-1');
    expect(await waive(saleId, { granted: true })).toMatchObject({
      status: 409,
      body: { code: 'not_waivable' },
    });
    expect(await waive(saleId)).toMatchObject({ status: 200, body: { status: 'WAIVE_REQUESTED' } });
    const granted = await waive(saleId, { granted: true });
    expect(granted).toMatchObject({ status: 200, body: { saleId, status: 'WAIVED' } });
    const { body } = await read(saleId);
    const told = body.timeline.map(({ what }: { what: string }) => what);
    expect(told.slice(-2)).toEqual(['WAIVE_REQUESTED', 'WAIVED']);
    const published = await marketplaces(`GET /v1/evidence-keys/${body.keyId}`);
    expect(verifyEvidence(JSON.stringify(body), published.body.publicKey)).toMatchObject({
      ok: true,
    });
  });

  it('answers a foreign sale like an unknown one, and leaves it as it is', async () => {
    const { saleId } = await sellLate('waived-2');
    const other = await world.newOrganization();
    const foreign = await waive(saleId, {}, other.key);
    const unknown = await waive(`sal_${'0'.repeat(26)}`, {}, other.key);
    const { instance: _one, ...body } = foreign.body;
    const { instance: _two, ...same } = unknown.body;
    expect([foreign.status, body]).toEqual([404, same]);
    expect((await read(saleId)).body.status).toBe('UNAVAILABLE');
  });
});
