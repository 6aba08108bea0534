// The table's stream: sends new outbox items.
import { createDispatchContainer } from '../../lib/runtime/container/dispatch.ts';
import { createDispatcher } from '../../lib/workers/dispatch-outbox.ts';

export const handler = createDispatcher(createDispatchContainer(process.env));
