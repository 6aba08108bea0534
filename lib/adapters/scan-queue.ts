// Sends to the scans queue with what the table's client is made of: its credentials, connections and signature. A client
// for SQS would take 70 KB more on the door's path.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import type { ScanMessage, SendScans } from '../app/door/ports.ts';

/** SQS answers in 20 ms (105 at p99); a person waits, and a refusal is told whether it was logged or not. */
const SEND_MS_MAX = 300;

/** All of them in one message: 500 scans are 180 KB of the 256 that a message may have. */
export function createScanQueue(client: DynamoDBClient, queueUrl: string): SendScans {
  const { credentials, region, sha256, requestHandler } = client.config;
  const signer = new SignatureV4({ credentials, region, sha256, service: 'sqs' });
  const url = new URL(queueUrl);
  return async (messages) => {
    const request = await signer.sign(toRequest(url, queueUrl, messages));
    const abortSignal = AbortSignal.timeout(SEND_MS_MAX);
    const { response } = await requestHandler.handle(new HttpRequest(request), { abortSignal });
    // Else the connection can't be used again.
    response.body?.resume?.();
    if (response.statusCode !== 200) {
      throw new Error(`the scans queue answered ${response.statusCode}`);
    }
  };
}

function toRequest(url: URL, QueueUrl: string, messages: readonly ScanMessage[]): HttpRequest {
  return new HttpRequest({
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    method: 'POST',
    path: '/',
    headers: {
      host: url.host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.SendMessage',
    },
    body: JSON.stringify({ QueueUrl, MessageBody: JSON.stringify({ scans: messages }) }),
  });
}
