// Client settings that reach an engine on this machine.
import { randomUUID } from 'node:crypto';

const toNewKey = (): string => `test${randomUUID().replaceAll('-', '')}`;
let accessKeyId = toNewKey();

/**
 * Another one for each test file: DynamoDB Local keeps a database for each, so that files neither wait for each
 * other's writes nor make each other's reads slower.
 */
export const toAccessKeyId = (): string => accessKeyId;

/**
 * Clients made from now on have a database of their own. For a test that follows many tables: each with a stream makes
 * every call to any table of its database several times slower, also when it was deleted (measured).
 */
export function openDatabase(): void {
  accessKeyId = toNewKey();
}

export const testAwsConfig = (endpoint: string) => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId, secretAccessKey: 'test' },
});
