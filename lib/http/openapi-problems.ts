// The refusals in the OpenAPI document: one Problem schema, and one response for each set of codes that share a status.
import type { oas31 } from 'zod-openapi';
import { REFUSAL_CODES, type RefusalCode } from '../domain/refusals.ts';
import type { Contract, ErrorBody, VendorErrors } from './contract.ts';
import { toErrorCode } from './error-bodies.ts';
import { toRefusalsByStatus } from './contract-refusals.ts';
import { PROBLEM_TYPES, toProblemUri } from './problem-types.ts';

export const toRef = (
  kind: 'schemas' | 'responses' | 'parameters' | 'headers',
  name: string,
): { $ref: string } => ({ $ref: `#/components/${kind}/${name}` });

export const sortKeys = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));

export function toProblemResponses(
  contracts: readonly Contract[],
): Record<string, oas31.ResponseObject> {
  const all = contracts.flatMap((contract) =>
    [...toRefusalsByStatus(contract).values()].map((codes) => ({ codes, contract })),
  );
  return sortKeys(
    Object.fromEntries(
      all.map(({ codes, contract }) => [
        toResponseName(codes, contract),
        toRefusalResponse(codes, contract),
      ]),
    ),
  );
}

/** `sold_out` and `barcode_exists` share a status and become `BarcodeExistsOrSoldOut`. */
export const toResponseName = (
  codes: readonly RefusalCode[],
  { errors, vendorErrors }: Pick<Contract, 'errors' | 'vendorErrors'>,
): string =>
  (errors === undefined ? '' : `TicketSwap${toPascalCase([errors.field, errors.notFound])}`) +
  (vendorErrors === undefined ? '' : vendorErrors.name) +
  toPascalCase(codes);

function toRefusalResponse(
  codes: readonly RefusalCode[],
  { errors, vendorErrors }: Contract,
): oas31.ResponseObject {
  if (errors !== undefined) return toErrorResponse(codes, errors);
  return vendorErrors === undefined
    ? toProblemResponse(codes)
    : toVendorResponse(codes, vendorErrors);
}

const toPascalCase = (codes: readonly string[]): string =>
  codes
    .map((code) =>
      code
        .toLowerCase()
        .replaceAll(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
    )
    .join('Or');

/** A protocol's own body: fields of other versions may stand beside the code. */
function toErrorResponse(codes: readonly RefusalCode[], errors: ErrorBody): oas31.ResponseObject {
  const all = codes.map((code) => toErrorCode(errors, code));
  return {
    ...toAnswer(codes),
    content: {
      'application/json': {
        schema: {
          type: 'object' as const,
          required: [errors.field],
          properties: { [errors.field]: { enum: all } },
        },
      },
    },
  };
}

function toVendorResponse(
  codes: readonly RefusalCode[],
  { required, properties }: VendorErrors,
): oas31.ResponseObject {
  const fields = Object.entries(properties).map(([name, type]) => [name, { type }]);
  const schema = {
    type: 'object' as const,
    required: [...required],
    properties: Object.fromEntries(fields),
  };
  return { ...toAnswer(codes), content: { 'application/json': { schema } } };
}

function toAnswer(codes: readonly RefusalCode[]) {
  const isRetryable = codes.some((code) => RETRYABLE.includes(code));
  return {
    description: codes.map((code) => PROBLEM_TYPES[code].title).join(' Or: '),
    headers: {
      'X-Request-Id': toRef('headers', 'RequestId'),
      ...(isRetryable ? { 'Retry-After': toRef('headers', 'RetryAfter') } : {}),
    },
  };
}

function toProblemResponse(codes: readonly RefusalCode[]): oas31.ResponseObject {
  const narrowed = { type: 'object' as const, properties: { code: { enum: [...codes] } } };
  return {
    ...toAnswer(codes),
    content: {
      'application/problem+json': {
        schema: { allOf: [toRef('schemas', 'Problem'), narrowed] },
      },
    },
  };
}

const RETRYABLE: readonly RefusalCode[] = ['rate_limited', 'unavailable', 'idempotency_in_flight'];

export const PROBLEM_SCHEMA = {
  type: 'object' as const,
  description: 'RFC 9457 problem details. `code` is stable and made for programs.',
  required: ['type', 'code', 'title', 'status', 'instance'],
  properties: {
    type: { type: 'string' as const, format: 'uri', examples: [toProblemUri('not_found')] },
    code: { type: 'string' as const, enum: [...REFUSAL_CODES] },
    title: { type: 'string' as const },
    status: { type: 'integer' as const },
    detail: { type: 'string' as const },
    cause: { type: 'string' as const, description: 'Which of several reasons it is.' },
    instance: { type: 'string' as const, description: 'Names the request, for the operator.' },
    errors: {
      type: 'array' as const,
      description: 'Every fault of the request; `pointer` is a JSON pointer (RFC 6901).',
      items: {
        type: 'object' as const,
        required: ['pointer', 'detail'],
        properties: { pointer: { type: 'string' as const }, detail: { type: 'string' as const } },
      },
    },
  },
};
