// A marketplace's server on this machine: takes what it is told, checks the signature, and answers as a test says.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook } from '../../lib/domain/marketplaces/webhook-signature.ts';

export interface Told {
  readonly path: string;
  readonly id: string;
  readonly isSigned: boolean;
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects
  readonly data: any;
}

export interface Receiver {
  readonly url: string;
  readonly told: Told[];
  /** Statuses of the next answers; after them 200. `hang up` takes the message and answers nothing. */
  readonly answerNext: (...answers: (number | 'hang up')[]) => void;
  /** Runs before the next answers are given, while the caller waits. */
  readonly whileNext: (run: () => Promise<void>) => void;
  readonly close: () => Promise<void>;
}

export async function startReceiver(secret: string, clock: () => number): Promise<Receiver> {
  const told: Told[] = [];
  const answers: (number | 'hang up')[] = [];
  const runs: (() => Promise<void>)[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const headers = request.headers as Record<string, string | undefined>;
    const isSigned = verifyWebhook({ headers, text, nowMs: clock() }, [secret]) !== undefined;
    const { type, data } = JSON.parse(text) as { type: string; data: unknown };
    told.push({ path: request.url ?? '', id: headers['webhook-id'] ?? '', isSigned, type, data });
    await runs.shift()?.();
    const answer = answers.shift() ?? 200;
    if (answer === 'hang up') request.socket.destroy();
    else response.writeHead(answer).end();
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/told`,
    told,
    answerNext: (...next) => void answers.push(...next),
    whileNext: (run) => void runs.push(run),
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
