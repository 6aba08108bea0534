// A client whose calls go to DynamoDB Local by a plain socket, several at once on each: unsigned and without the SDK's
// layers, which cost most of a campaign's time. Same commands, same engine, same errors.
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { inject } from 'vitest';
import { testAwsConfig, toAccessKeyId } from './aws.ts';
import type { TestTable } from './table.ts';

const SOCKETS = 4;
/** Of the SDK's default. */
const ATTEMPTS_MAX = 3;

type Json = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** The same table over such a client. */
export function toLean({ tableName }: TestTable): TestTable {
  const bare = createLeanClient();
  return { tableName, bare, client: DynamoDBDocumentClient.from(bare) };
}

export function createLeanClient(): DynamoDBClient {
  const endpoint = inject('dynamoDbEndpoint');
  const client = new DynamoDBClient(testAwsConfig(endpoint));
  const lines = Array.from({ length: SOCKETS }, () => openLine(new URL(endpoint)));
  let turn = 0;
  client.middlewareStack.add(
    (_next, { commandName = '' }) =>
      async ({ input }) => {
        const ask = lines[(turn += 1) % SOCKETS] ?? lines[0];
        const isBare = VALUES.some((name) => isWritten((input as Json)[name]));
        const token = commandName.startsWith('TransactWrite') && {
          ClientRequestToken: randomUUID(),
        };
        const text = JSON.stringify({ ...token, ...((isBare ? input : toWire(input)) as Json) });
        const answer = await ask?.(commandName.replace(/Command$/, ''), text);
        if (answer === undefined || answer.status !== 200) throw toError(answer?.body ?? {});
        const body = isBare ? answer.body : fromWire(answer.body);
        return { output: { ...(body as Json), $metadata: {} }, response: {} };
      },
    { step: 'initialize', priority: 'low', name: 'lean' },
  );
  return client;
}

const VALUES = ['Item', 'Key', 'ExpressionAttributeValues', 'ExclusiveStartKey'];
function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      if (VALUES.includes(name)) return [name, part && marshall(part)];
      return [name, name === 'Keys' ? part.map((key: Json) => marshall(key)) : toWire(part)];
    }),
  );
}

/** Whether values are as the table writes them, which those of a command of the bare client are. */
const isWritten = (item: unknown): item is Json =>
  typeof item === 'object' &&
  item !== null &&
  Object.keys(item).length > 0 &&
  Object.values(item).every(isWrittenValue);
const TYPES = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS']);
function isWrittenValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const [type = '', ...more] = Object.keys(value);
  return more.length === 0 && TYPES.has(type);
}
const READ = ['Item', 'Attributes', 'LastEvaluatedKey'];
function fromWire(value: unknown, name?: string): unknown {
  if (Array.isArray(value)) return value.map((part) => fromWire(part, name));
  if (typeof value !== 'object' || value === null) return value;
  const isItem = READ.includes(name ?? '') || name === 'Items' || name === 'Rows';
  if (isItem && isWritten(value)) return unmarshall(value as never);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      // Of a batch, by table.
      fromWire(part, name === 'Responses' ? 'Rows' : key),
    ]),
  );
}

function toError({ __type = '', message, Message, ...rest }: Json): Error {
  const name = String(__type).split('#')[1] ?? 'UnknownError';
  const facts = { message: String(message ?? Message), $metadata: {}, ...rest };
  if (name === 'ConditionalCheckFailedException') return new ConditionalCheckFailedException(facts);
  if (name === 'TransactionCanceledException') return new TransactionCanceledException(facts);
  if (name === 'TransactionConflictException') return new TransactionConflictException(facts);
  return Object.assign(new Error(facts.message), { name });
}

interface Question {
  readonly text: string;
  readonly done: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
  sent: number;
}

/** Answers come in the order of the questions. One that the engine hung up on is asked again, as the SDK does. */
function openLine({ hostname, port }: URL) {
  const credential = `AWS4-HMAC-SHA256 Credential=${toAccessKeyId()}/20260101/eu-west-1/dynamodb/aws4_request`;
  const fixed = [
    `Host: ${hostname}`,
    'Content-Type: application/x-amz-json-1.0',
    `Authorization: ${credential}, SignedHeaders=host, Signature=none`,
  ].join('\r\n');
  let waiting: Question[] = [];
  let socket: Socket | undefined;

  const open = (): Socket => {
    const opened = connect(Number(port), hostname).setNoDelay();
    opened.unref();
    opened.on(
      'data',
      createReader((answer) => waiting.shift()?.done(answer)),
    );
    // It is closed next.
    opened.on('error', () => undefined);
    opened.on('close', () => {
      socket = undefined;
      const again = waiting;
      waiting = [];
      for (const question of again) send(question);
    });
    return opened;
  };
  const send = (question: Question): void => {
    question.sent += 1;
    if (question.sent > ATTEMPTS_MAX) return question.fail(new Error('the engine hangs up'));
    socket ??= open();
    waiting.push(question);
    if (socket.writableCorked === 0) {
      const corked = socket;
      corked.cork();
      setImmediate(() => corked.uncork());
    }
    socket.write(question.text);
  };
  return async (operation: string, text: string): Promise<Answer> =>
    new Promise((done, fail) => {
      const target = `X-Amz-Target: DynamoDB_20120810.${operation}`;
      const length = `Content-Length: ${Buffer.byteLength(text)}`;
      const request = `POST / HTTP/1.1\r\n${fixed}\r\n${target}\r\n${length}\r\n\r\n${text}`;
      send({ text: request, done, fail, sent: 0 });
    });
}

/** Cuts what comes into answers. */
function createReader(take: (answer: Answer) => void) {
  let read: Buffer = Buffer.alloc(0);
  return (chunk: Buffer): void => {
    read = read.length === 0 ? chunk : Buffer.concat([read, chunk]);
    for (;;) {
      const end = read.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = read.toString('latin1', 0, end);
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1]);
      const from = end + 4;
      if (read.length < from + length) return;
      const body = JSON.parse(read.toString('utf8', from, from + length));
      take({ status: Number(head.slice(9, 12)), body });
      read = read.subarray(from + length);
    }
  };
}
