// A process that stands still before a chosen call to the table, while something else happens from its beginning to its
// end: what was read before is then another by now.
import { createLeanClient } from './lean-client.ts';

/** Before its call number `at` (from 1) it waits for `meanwhile`. */
export function createInterruptedClient(at: number, meanwhile: () => Promise<unknown>) {
  const client = createLeanClient();
  let calls = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      if (calls === at) await meanwhile();
      return next(args);
    },
    { step: 'initialize', priority: 'high', name: 'interrupt' },
  );
  return { client, countCalls: () => calls };
}
