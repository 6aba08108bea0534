// Connects queues, streams, uploads and schedules with their functions.
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Clients, Data } from '../data/make-data.ts';
import type { ObjectEvent } from '../engines/fauxqs.ts';
import type { Engines } from '../engines/start-engines.ts';
import type { Functions } from '../functions.ts';
import type { StreamSourceSpec, System } from '../template/system.ts';
import { notify, notifyOfPresent, watchBuckets } from './bucket-source.ts';
import { type Checkpoints, createCheckpoints } from './checkpoints.ts';
import { runQueueSource } from './queue-source.ts';
import { startSchedule } from './schedule.ts';
import { runStreamSource, type StreamSource } from './stream-source.ts';
import { createStreamsApi } from './streams-api.ts';

export interface SourcesInput {
  readonly system: System;
  readonly data: Data;
  readonly clients: Clients;
  readonly functions: Functions;
  readonly engines: Engines;
  readonly checkpointsFile: string | undefined;
  readonly signal: AbortSignal;
}

export interface Sources {
  readonly onObject: (event: ObjectEvent) => void;
  /** Fulfilled when the signal has aborted and the batches at work are done. */
  readonly ended: Promise<unknown>;
}

export function startSources(input: SourcesInput): Sources {
  const { system, data, clients, functions, engines, signal } = input;
  const buckets = {
    notifications: data.notifications,
    queueUrl: data.queueUrl,
    s3: clients.s3,
    sqs: clients.sqs,
  };
  const fail = (error: unknown): void => {
    if (!signal.aborted) console.error('bucket:', error);
  };
  const queues = system.queueSources.map((spec) => {
    const queueUrl = data.queueUrl(spec.queueName);
    return runQueueSource({
      spec,
      queueUrl,
      client: clients.sqs,
      invoke: functions(spec.functionName),
      signal,
    });
  });
  // One for all: each keeps the whole file.
  const checkpoints = createCheckpoints(input.checkpointsFile);
  const streams = system.streamSources.map((spec) =>
    runStreamSource(toStreamSource(input, spec, checkpoints)),
  );
  for (const spec of system.schedules) startSchedule(spec, functions(spec.functionName), signal);
  const uploads = engines.tellsOfObjects ? notifyOfPresent(buckets) : watchBuckets(buckets, signal);
  return {
    onObject: (event) => void notify(buckets, event).catch(fail),
    ended: Promise.all([...queues, ...streams, uploads.catch(fail)]),
  };
}

function toStreamSource(
  input: SourcesInput,
  spec: StreamSourceSpec,
  checkpoints: Checkpoints,
): StreamSource {
  const { data, clients, engines, functions, signal } = input;
  const { onFailureQueue } = spec;
  return {
    spec,
    api: createStreamsApi(engines.dynamoDb, signal),
    checkpoints,
    invoke: functions(spec.functionName),
    ...(onFailureQueue === undefined
      ? {}
      : {
          sendFailure: async (message) => {
            const MessageBody = JSON.stringify(message);
            await clients.sqs.send(
              new SendMessageCommand({ QueueUrl: data.queueUrl(onFailureQueue), MessageBody }),
            );
          },
        }),
    signal,
  };
}
