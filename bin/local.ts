// `npm start`: the whole system on one machine. The CDK app is synthesized in a thread of its own, while the engines
// start in this one; from then on only its templates are read.
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

if (isMainThread) await main();
else await synthesizeHere(String(workerData));

async function main(): Promise<void> {
  const { start } = await import('../lib/local/start.ts');
  await start({
    synthesize,
    createOrganization,
    argv: process.argv.slice(2),
    environment: process.env,
  });
}

async function synthesize() {
  const { readAssembly } = await import('../lib/local/template/assembly.ts');
  const outdir = mkdtempSync(join(tmpdir(), 'swapgate-'));
  const remove = (): void => rmSync(outdir, { recursive: true, force: true });
  // The start may break off at any moment, and the process ends then.
  process.once('exit', remove);
  try {
    const worker = new Worker(new URL(import.meta.url), { workerData: outdir });
    const [exitCode] = (await once(worker, 'exit')) as [number];
    if (exitCode !== 0) throw new Error('the CDK app could not be synthesized');
    return readAssembly(outdir);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

async function synthesizeHere(outdir: string): Promise<void> {
  const { createSwapgateApp } = await import('../lib/infra/app.ts');
  createSwapgateApp({ outdir, bundle: false }).synth();
}

async function createOrganization(name: string): Promise<{ organizationId: string; key: string }> {
  const { createAdminContainer } = await import('../lib/runtime/container/admin.ts');
  const created = await createAdminContainer(process.env).createOrganization({ name });
  if (!created.ok) throw new Error(`the demo organization was refused: ${created.refusal.code}`);
  return created.value;
}
