// From an API Gateway event to parsed path, query, headers and body, with every fault of all of them at once.
import { safeParse, type $ZodType, type $ZodIssue } from 'zod/v4/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type Result, ok, refuse } from '../domain/result.ts';
import type { Fault } from '../domain/refusals.ts';
import type { Contract } from './contract.ts';

/** Largest request body: a batch of 500 offline scans is 200 KB; files go to S3 and not through here. */
const BODY_BYTES_MAX = 1_048_576;
/** Faults told at once; the first hundred are enough to repair a request. */
const FAULTS_MAX = 100;

export interface Input {
  // oxlint-disable-next-line typescript/no-explicit-any -- typed by the contract, see defineRoute
  readonly params: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- typed by the contract, see defineRoute
  readonly query: any;
  // oxlint-disable-next-line typescript/no-explicit-any -- typed by the contract, see defineRoute
  readonly body: any;
  readonly ifMatch: number | undefined;
}

/** Refuses a body that is too large, of another type or not JSON; then tells all faults with JSON pointers. */
export function readInput(contract: Contract, event: APIGatewayProxyEventV2): Result<Input> {
  const body = contract.body === undefined ? ok(undefined) : readBody(event);
  if (!body.ok) return body;
  const faults: Fault[] = [];
  const input: Input = {
    params: parsePart(contract.params, event.pathParameters ?? {}, '/path', faults),
    query: parsePart(contract.query, event.queryStringParameters ?? {}, '/query', faults),
    body: parsePart(contract.body, body.value, '', faults),
    ifMatch: parseIfMatch(event.headers['if-match'], faults),
  };
  if (faults.length === 0) return ok(input);
  // A path that can't be an id of ours names nothing: the same answer as for an unknown id.
  if (faults.every((fault) => fault.pointer.startsWith('/path/'))) return refuse('not_found');
  return refuse('validation_failed', { errors: faults.slice(0, FAULTS_MAX) });
}

export const readText = ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string =>
  isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;

function readBody(event: APIGatewayProxyEventV2): Result<unknown> {
  const text = readText(event);
  if (text.length > BODY_BYTES_MAX || Buffer.byteLength(text) > BODY_BYTES_MAX) {
    return refuse('body_too_large', { detail: `A body has at most ${BODY_BYTES_MAX} bytes.` });
  }
  if (text === '') return ok({});
  const type = event.headers['content-type'];
  if (type !== undefined && !/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    return refuse('unsupported_media_type');
  }
  try {
    return ok(JSON.parse(text));
  } catch {
    return refuse('invalid_json');
  }
}

function parsePart(
  schema: $ZodType | undefined,
  value: unknown,
  at: string,
  faults: Fault[],
): unknown {
  if (schema === undefined) return undefined;
  const parsed = safeParse(schema, value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) faults.push(...toFaults(issue, at));
  return undefined;
}

function toFaults(issue: $ZodIssue, at: string): Fault[] {
  const pointer = at + issue.path.map((step) => `/${escapePointer(String(step))}`).join('');
  if (issue.code !== 'unrecognized_keys') return [{ pointer, detail: toDetail(issue) }];
  return issue.keys.map((key) => ({
    pointer: `${pointer}/${escapePointer(key)}`,
    detail: 'is not a field of this request',
  }));
}

/** zod/mini has no words of its own; contracts of other families bring zod's English ones. */
function toDetail(issue: $ZodIssue): string {
  if (issue.message !== 'Invalid input') return issue.message;
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the other codes carry words of our own
  switch (issue.code) {
    case 'invalid_type':
      return `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_big':
      return `must have at most ${issue.maximum}`;
    case 'too_small':
      return `must have at least ${issue.minimum}`;
    default:
      return 'is not valid';
  }
}

const escapePointer = (step: string): string => step.replaceAll('~', '~0').replaceAll('/', '~1');

function parseIfMatch(header: string | undefined, faults: Fault[]): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const version = /^"([0-9]{1,15})"$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  faults.push({ pointer: '/headers/if-match', detail: 'must be an ETag that a GET answered' });
  return undefined;
}
