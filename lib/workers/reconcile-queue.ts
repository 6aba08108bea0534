// The reconcile queue: channels whose marketplace is to be asked what it thinks. What it doesn't answer is no failure of
// the message: the next look is due by the table.
import { reconcile, type ReconcileDeps } from '../app/native/reconcile.ts';
import { $ReconcileMessage } from '../app/reconcile-ports.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

export type ReconcileWorkerDeps = ReconcileDeps;

export const createReconcileWorker = (deps: ReconcileWorkerDeps): BatchHandler =>
  createBatchHandler(async (body) => {
    const message = $ReconcileMessage.safeParse(body);
    if (!message.success) throw new MalformedRecordError('not a message of this queue');
    const { organizationId, marketplace } = message.data;
    await reconcile(deps, { organizationId, marketplace });
  }, deps.logger);
