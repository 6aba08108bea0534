// Every minute: outbox messages that were not sent, imports that stand still.
import { createSweepContainer } from '../../lib/runtime/container/sweep.ts';
import { createSweep } from '../../lib/workers/sweep.ts';

export const handler = createSweep(createSweepContainer(process.env));
