// The reconcile queue: asks marketplaces what they think of sales.
import { createReconcileContainer } from '../../lib/runtime/container/reconcile.ts';
import { createReconcileWorker } from '../../lib/workers/reconcile-queue.ts';

export const handler = createReconcileWorker(createReconcileContainer(process.env));
