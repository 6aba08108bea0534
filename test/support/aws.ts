// Client settings that reach an engine on this machine.
import { randomUUID } from 'node:crypto';

/**
 * Another one for each test file: DynamoDB Local keeps a database for each, so that files neither wait for each
 * other's writes nor make each other's reads slower.
 */
export const ACCESS_KEY_ID = `test${randomUUID().replaceAll('-', '')}`;

export const testAwsConfig = (endpoint: string) => ({
  endpoint,
  region: 'eu-west-1',
  credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: 'test' },
});
