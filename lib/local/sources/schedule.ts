// Calls functions at a fixed rate with the event that EventBridge sends.
import { randomUUID } from 'node:crypto';
import type { EventBridgeEvent } from 'aws-lambda';
import type { Invoke } from '../functions.ts';
import { ACCOUNT_ID, arnOf, REGION } from '../template/place.ts';
import type { ScheduleSpec } from '../template/system.ts';

export function startSchedule(spec: ScheduleSpec, invoke: Invoke, signal: AbortSignal): void {
  const timer = setInterval(() => {
    invoke(toScheduledEvent(spec.ruleName, new Date())).catch((error: unknown) => {
      console.error(`${spec.functionName} failed:`, error);
    });
  }, spec.everyMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

const toScheduledEvent = (
  ruleName: string,
  at: Date,
): EventBridgeEvent<'Scheduled Event', object> => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: ACCOUNT_ID,
  // EventBridge tells whole seconds.
  time: at.toISOString().replace(/\.\d+/, ''),
  region: REGION,
  resources: [arnOf('events', `rule/${ruleName}`)],
  detail: {},
});
