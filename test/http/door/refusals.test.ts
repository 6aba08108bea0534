// What a refusal may wait for: one message to the queue, for a short time, and its answer is given in any case.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createScansContainer, type ScansDeps } from '../../../lib/runtime/container/scans.ts';
import { createLogger } from '../../../lib/runtime/logger.ts';
import { SCAN_ROUTES } from '../../../lib/http/routes/scans/routes.ts';
import { createApi } from '../../support/api.ts';
import { openDoor } from '../../support/door.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();

async function withQueue(
  answer: RequestListener,
  run: (scan: (body?: Record<string, unknown>) => Promise<unknown>) => Promise<void>,
): Promise<{ readonly bodies: string[]; readonly errors: string[]; readonly heads: unknown[] }> {
  const bodies: string[] = [];
  const heads: unknown[] = [];
  const server = createServer((request, response) => {
    heads.push(request.headers);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      answer(request, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const errors: string[] = [];
  const door = await openDoor(world);
  const container = createScansContainer(
    { TABLE_NAME: world.tableName, SCANS_QUEUE_URL: `http://127.0.0.1:${port}/000/scans` },
    world.bare,
  );
  const logger = createLogger({ info: () => {}, error: (line) => void errors.push(line) });
  const api = createApi<ScansDeps>(SCAN_ROUTES, {
    ...container,
    clock: () => world.clock.nowMs,
    logger,
    tellRefusal: async (message) =>
      container.tellRefusal(message).catch(() => void errors.push('thrown')),
  });
  let scans = 0;
  try {
    await run(async (body = {}) => {
      const question = { eventId: door.eventId, barcode: door.ticket.barcode, ...body };
      const scanId = `scan-${(scans += 1)}`;
      return (
        await api('POST /v1/validate', { key: door.device.key, body: { scanId, ...question } })
      ).body;
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
  return { bodies, errors, heads };
}

describe('a refusal', () => {
  it('sends one signed message that carries ids only; an admission and a check send none', async () => {
    const { bodies, heads } = await withQueue(
      (_request, response) => response.end('{}'),
      async (scan) => {
        await scan();
        await scan({ mode: 'check' });
        expect(await scan()).toMatchObject({ outcome: 'REFUSED', reason: 'ALREADY_USED' });
        expect(await scan({ barcode: 'a secret barcode' })).toMatchObject({ reason: 'UNKNOWN' });
      },
    );
    expect(bodies).toHaveLength(2);
    expect(bodies.join()).not.toContain('secret');
    expect(bodies.join()).not.toContain('Zoë');
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      QueueUrl: expect.stringMatching(/scans$/),
    });
    const [message] = JSON.parse(JSON.parse(bodies[0] ?? '').MessageBody).scans;
    expect(message).toMatchObject({ outcome: 'REFUSED', reason: 'ALREADY_USED', gateId: 'main' });
    expect(heads[0]).toMatchObject({
      'x-amz-target': 'AmazonSQS.SendMessage',
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 .*\/sqs\/aws4_request/),
    });
  });

  it.each<[string, RequestListener]>([
    ['fails', (_request, response) => response.writeHead(500).end()],
    ['hangs up', (request) => request.socket.destroy()],
    ['never answers', () => undefined],
  ])('is told within half a second when the queue %s', async (_, answer) => {
    const { bodies } = await withQueue(answer, async (scan) => {
      await scan();
      const started = performance.now();
      expect(await scan()).toMatchObject({ outcome: 'REFUSED', reason: 'ALREADY_USED' });
      expect(performance.now() - started).toBeLessThan(2_000);
    });
    expect(bodies).toHaveLength(1);
  });
});
