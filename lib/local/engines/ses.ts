// The local SES with its inbox page, in this process. Mails live as long as the process.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ses from 'aws-ses-v2-local';
import type { Lifetime } from '../lifetime.ts';

type StartSes = typeof ses.default;

export async function startSes(lifetime: Lifetime): Promise<string> {
  // The package is CommonJS: Node gives its exports object as the default import.
  const start = (ses as unknown as { default?: StartSes }).default ?? (ses as unknown as StartSes);
  const server = await start({ host: '127.0.0.1', port: 0 });
  if (!server.listening) await once(server, 'listening');
  lifetime.onEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
