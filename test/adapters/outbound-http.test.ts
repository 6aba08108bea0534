// Calls to addresses that organizers have named: where they may lead, and what the other side's answers become.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createOutboundHttp, isPublicAddress } from '../../lib/adapters/outbound-http.ts';

const asked: { readonly path: string; readonly body: string; readonly type?: string }[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += String(chunk)));
  request.on('end', () => {
    const path = request.url ?? '';
    asked.push({ path, body, type: request.headers['content-type'] ?? '' });
    if (path === '/silent') return request.socket.destroy();
    const location = `http://127.0.0.1:${port}/led`;
    const headers = path === '/busy' ? { 'retry-after': '120' } : { location };
    response.writeHead(path === '/busy' ? 503 : Number(path.slice(1)), headers);
    return response.end('x'.repeat(100_000));
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
afterAll(() => server.close());

const local = createOutboundHttp({ allowsLoopback: true });
const deployed = createOutboundHttp({ allowsLoopback: false });
const call = (path: string, http = local, host = '127.0.0.1') =>
  http.post({
    url: `http://${host}:${port}${path}`,
    headers: { 'content-type': 'application/json' },
    body: '{"é":1}',
  });

describe('an answer', () => {
  it.each([200, 201, 204, 299])('%i means taken', async (status) =>
    expect(await call(`/${status}`)).toEqual({ as: 'taken' }),
  );
  it.each([300, 400, 404, 410, 500])('%i means failed', async (status) =>
    expect(await call(`/${status}`)).toEqual({ as: 'failed' }),
  );
  it('that asks for time gets it', async () =>
    expect(await call('/busy')).toEqual({ as: 'failed', retryAfterMs: 120_000 }));
  it('that never comes means failed', async () =>
    expect(await call('/silent')).toEqual({ as: 'failed' }));
  it('that leads elsewhere is not followed', async () => {
    asked.length = 0;
    expect(await call('/302')).toEqual({ as: 'failed' });
    expect(asked).toEqual([{ path: '/302', body: '{"é":1}', type: 'application/json' }]);
  });
});

describe('deployed', () => {
  it('calls nothing on its own machine, by whatever name', async () => {
    asked.length = 0;
    for (const host of ['127.0.0.1', 'localhost', '0x7f.1']) {
      expect(await call('/200', deployed, host)).toEqual({ as: 'failed' });
    }
    const names = ['https://localhost', 'https://127.0.0.1', 'https://[::1]'];
    for (const name of names) {
      const post = deployed.post({ url: `${name}:${port}/200`, headers: {}, body: '' });
      expect(await post).toEqual({ as: 'failed' });
    }
    expect(asked).toEqual([]);
  });
  it('takes plain http on its own machine for a fault, which it is not on one machine', () => {
    expect(deployed.findFault(`http://127.0.0.1:${port}/`)).toBeDefined();
    expect(local.findFault(`http://127.0.0.1:${port}/`)).toBeUndefined();
    expect(local.findFault('http://127.0.0.2/')).toBeDefined();
    expect(deployed.findFault('https://sell.example.com/told?a=b')).toBeUndefined();
  });
});

describe('an address', () => {
  it.each(['8.8.8.8', '93.184.216.34', '172.32.0.1', '2606:2800:220:1::1'])('%s is public', (one) =>
    expect(isPublicAddress(one)).toBe(true),
  );
  it.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.0.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:10.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    'not an address',
  ])('%s is not', (one) => expect(isPublicAddress(one)).toBe(false));
});
