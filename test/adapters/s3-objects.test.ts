import { expect, it } from 'vitest';
import { createImportWorld } from '../support/import-world.ts';

const { objects } = await createImportWorld();

async function read(key: string): Promise<string> {
  const found = await objects.find(key);
  const chunks: Buffer[] = [];
  if (found !== undefined) for await (const chunk of objects.read(found)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
async function* toChunks(text: string) {
  yield text;
}

it('joins parts to one object, in their order', async () => {
  const parts = ['a'.repeat(5 * 1024 * 1024), 'é'.repeat(3 * 1024 * 1024), 'the end'];
  const keys = parts.map((_, index) => `reports/org_1/file.csv.part${index}`);
  for (const [index, key] of keys.entries()) {
    await objects.write(key, 'text/csv', toChunks(parts[index] ?? ''));
  }
  await objects.join('reports/org_1/file.csv', 'text/csv', keys);
  expect((await read('reports/org_1/file.csv')) === parts.join('')).toBe(true);
});

it('leaves nothing behind when a part is gone', async () => {
  const missing = objects.join('reports/org_1/none.csv', 'text/csv', ['reports/org_1/gone']);
  await expect(missing).rejects.toThrow('specified key');
  expect(await objects.find('reports/org_1/none.csv')).toBeUndefined();
});
