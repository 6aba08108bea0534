// Every minute: imports that stand still.
import { createSweepContainer } from '../../lib/runtime/container/sweep.ts';
import { createSweep } from '../../lib/workers/sweep-imports.ts';

export const handler = createSweep(createSweepContainer(process.env));
