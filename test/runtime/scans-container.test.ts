// The door's own client against a table that does not answer.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, it, vi } from 'vitest';
import { createScansContainer } from '../../lib/runtime/container/scans.ts';

afterEach(() => vi.unstubAllEnvs());

it('gives up a call that hangs and sends it again', async () => {
  let calls = 0;
  const server = createServer((_request, response) => {
    calls += 1;
    if (calls === 1) return;
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  try {
    const { scans } = createScansContainer({
      TABLE_NAME: 'table',
      SCANS_QUEUE_URL: `http://127.0.0.1:${port}/queue`,
    });
    expect(await scans.find('org_1', 'code')).toBeUndefined();
    expect(calls).toBe(2);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
