// A port that nobody listens on at the moment. DynamoDB Local can't choose one itself.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { assert } from '../../domain/assert.ts';

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert(typeof address === 'object' && address !== null, 'a listening server has an address');
  return address.port;
}
