import { describe, expect, it } from 'vitest';
import { readPdf } from '../support/read-pdf.ts';
import { createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const event = await world.newEvent();
const open = async (pdf: string) =>
  world.ticketswap(`GET ${new URL(pdf).pathname as `/${string}`}`);

describe("a resold ticket's PDF", () => {
  it('needs no key, and has the new barcode and its holder', async () => {
    const sold = await world.sellOne(event);
    const swapped = await world.swap(sold.barcode);
    const reply = await open(swapped.body.pdf);
    expect(reply.status).toBe(200);
    expect(reply.headers).toMatchObject({ 'content-type': 'application/pdf' });
    const [page] = await readPdf(Buffer.from(reply.body, 'base64'));
    expect(page?.barcodes).toMatchObject([{ text: swapped.body.barcode, format: 'QRCode' }]);
    expect(page?.text).toContain('Grace Hopper');
  });

  it("is drawn in its event's symbology", async () => {
    const made = await world.newEvent({ symbology: 'AZTEC' });
    const sold = await world.sellOne(made);
    const swapped = await world.swap(sold.barcode);
    const reply = await open(swapped.body.pdf);
    const [page] = await readPdf(Buffer.from(reply.body, 'base64'));
    expect(page?.barcodes).toEqual([{ text: swapped.body.barcode, format: 'Aztec' }]);
  });

  it('is void after the next swap, a reissue, a cancel and the end of the event', async () => {
    const made = await world.newEvent();
    const swapped = [];
    for (let count = 0; count < 4; count += 1) {
      const { barcode } = await world.sellOne(made);
      swapped.push((await world.swap(barcode)).body);
    }
    const [again, reissued, canceled, left] = swapped;
    for (const { pdf } of swapped) expect((await open(pdf)).status).toBe(200);
    await world.swap(again.barcode, { email: 'joan@example.com' });
    await world.post(`/v1/tickets/${reissued.id}/reissue`);
    await world.post(`/v1/tickets/${canceled.id}/cancel`);
    for (const { pdf } of [again, reissued, canceled]) expect((await open(pdf)).status).toBe(404);
    world.clock.nowMs = Date.parse('2026-06-02T06:00:00+02:00');
    expect((await open(left.pdf)).status).toBe(200);
    world.clock.nowMs += 1;
    expect((await open(left.pdf)).status).toBe(404);
  });

  it('404 for an address that we did not make', async () => {
    const token = `org_${'0'.repeat(26)}.77.${'a'.repeat(43)}`;
    for (const forged of ['x', token, `${token}.`]) {
      expect((await open(`http://localhost/ticketswap/pdf/${forged}`)).status).toBe(404);
    }
  });
});
