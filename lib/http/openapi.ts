// The OpenAPI 3.1 document, made from the contracts alone: requests are described as they are sent (before any
// transform), responses as they are answered.
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathItemObject,
} from 'zod-openapi';
import { safeParse, type $ZodObject, type $ZodType } from 'zod/v4/core';
import { type Contract, FAMILIES, type Family } from './contract.ts';
import { isWriting, takesIdempotencyKey, toRefusalsByStatus } from './contract-refusals.ts';
import {
  PROBLEM_SCHEMA,
  sortKeys,
  toProblemResponses,
  toRef,
  toResponseName,
} from './openapi-problems.ts';

const TAGS: Readonly<Record<Family, string>> = {
  public: 'Needs no key.',
  organizers: 'Organization, events, ticket types and devices.',
  orders: 'Selling tickets, and the money of orders.',
  exchanges: "Exchanging a ticket's type.",
  marketplaces: 'Listings, holds and sales at marketplaces.',
  payments: 'The page on which buyers pay, and what a payment provider tells.',
  tickets: 'Tickets after they were sold or imported, and the contacts behind them.',
  imports: 'Foreign tickets from a CSV or one by one.',
  door: 'Around the door: offline scans, scan packs, clashes, log and attendance.',
  scans: 'Admission at the door.',
  ticketswap: "What TicketSwap calls: SecureSwap, in TicketSwap's own wire format.",
  hooks:
    'What marketplaces call at the address of their channel, in their own format where it is known.',
  pdfs: 'Tickets as PDF. Needs no key: the address is the secret.',
};

const SUCCESS_DESCRIPTIONS = {
  200: 'Done.',
  201: 'Made.',
  202: 'Accepted; the work goes on.',
  204: 'Done; there is nothing to tell.',
  303: 'Leads on.',
} as const;

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The same contracts in any order give the same document. */
export function toOpenApi(contracts: readonly Contract[], version: string) {
  const document = createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: 'Swapgate',
        version,
        description: "Keeps a ticket's barcode right from import to the door.",
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [
        { url: 'http://127.0.0.1:3000', description: 'One machine, started with npm start' },
        {
          url: 'https://{apiId}.execute-api.{region}.amazonaws.com',
          description: 'On AWS; the deployment prints both values',
          variables: { apiId: { default: 'api' }, region: { default: 'eu-west-1' } },
        },
      ],
      tags: FAMILIES.filter((family) => contracts.some((one) => one.family === family)).map(
        (name) => ({ name, description: TAGS[name] }),
      ),
      paths: toPaths(contracts),
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer', description: KEY_DESCRIPTION } },
        schemas: { Problem: PROBLEM_SCHEMA },
        parameters: PARAMETERS,
        headers: HEADERS,
        responses: toProblemResponses(contracts),
      },
    },
    { override: ({ jsonSchema, io }) => simplify(jsonSchema, io) },
  );
  const { schemas, ...components } = document.components ?? {};
  return { ...document, components: { ...components, schemas: sortKeys(schemas ?? {}) } };
}

const KEY_DESCRIPTION = 'A key of the organization. Its scope stands with each operation.';

/**
 * A format says it all; the patterns that come with it are hundreds of characters long. An answer may get new fields,
 * so a client must not take the present ones for all.
 */
function simplify(
  schema: { format?: unknown; pattern?: unknown; additionalProperties?: unknown },
  io: 'input' | 'output',
): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (io === 'output' && schema.additionalProperties === false) delete schema.additionalProperties;
}

function toPaths(contracts: readonly Contract[]) {
  const byPath = Map.groupBy(contracts, (contract) => contract.path);
  const entries = [...byPath].map(([path, all]) => {
    const ordered = METHODS.flatMap((method) => all.filter((one) => one.method === method));
    const operations = ordered.map((one) => [one.method.toLowerCase(), toOperation(one)]);
    return [path, Object.fromEntries(operations) as ZodOpenApiPathItemObject] as const;
  });
  return sortKeys(Object.fromEntries(entries));
}

function toOperation(contract: Contract): ZodOpenApiOperationObject {
  const { operationId, summary, family, scope, params, query, body } = contract;
  return {
    operationId,
    summary,
    ...toAccess(scope),
    tags: [family],
    requestParams: {
      ...(params === undefined ? {} : { path: asObject(params) }),
      ...(query === undefined ? {} : { query: asObject(query) }),
    },
    parameters: [
      ...(takesIdempotencyKey(contract) ? [toRef('parameters', 'IdempotencyKey')] : []),
      ...(heedsIfMatch(contract) ? [toRef('parameters', 'IfMatch')] : []),
    ],
    ...(body === undefined ? {} : { requestBody: toRequestBody(body) }),
    responses: {
      [String(contract.success)]: toSuccess(contract),
      ...Object.fromEntries(
        [...toRefusalsByStatus(contract)].map(([status, codes]) => [
          String(status),
          contract.toRefusalPage === undefined
            ? toRef('responses', toResponseName(codes, contract))
            : REFUSAL_PAGE,
        ]),
      ),
    },
  };
}

function toAccess(scope: Contract['scope']) {
  if (scope === 'public') return { security: [] };
  if (scope !== 'channel') {
    return { description: `Needs a key of scope ${scope}.`, security: [{ key: [] }] };
  }
  const description = 'The caller proves itself as the settings of the channel say.';
  return { description, security: [{ key: [] }, {}] };
}

const REFUSAL_PAGE = {
  description: 'A page that says so.',
  content: { 'text/html; charset=utf-8': { schema: { type: 'string' as const } } },
};

/** No body at all is read as an empty object. */
const toRequestBody = (body: $ZodType) => ({
  required: !safeParse(body, {}).success,
  content: { 'application/json': { schema: body } },
});

/** Only an object has fields that can become parameters; zod-openapi refuses anything else by name. */
const asObject = (schema: $ZodType): $ZodObject => schema as $ZodObject;

/** Elsewhere the header is refused, because nothing there has an ETag. */
const heedsIfMatch = (contract: Contract): boolean =>
  isWriting(contract) && contract.refusals.includes('precondition_failed');

function toSuccess(contract: Contract) {
  const { success, response, contentType } = contract;
  const content =
    contentType === undefined
      ? response && { 'application/json': { schema: response } }
      : { [contentType]: { schema: { type: 'string' as const } } };
  return {
    description: SUCCESS_DESCRIPTIONS[success],
    headers: {
      'X-Request-Id': toRef('headers', 'RequestId'),
      ...(success === 303 ? { Location: toRef('headers', 'Location') } : {}),
      ...(hasVersion(response) ? { ETag: toRef('headers', 'ETag') } : {}),
    },
    ...(content === undefined ? {} : { content }),
  };
}

/** A thing with a version is answered with its ETag. */
const hasVersion = (schema: $ZodType | undefined): boolean =>
  schema !== undefined && 'version' in ((schema as $ZodObject)._zod.def.shape ?? {});

const PARAMETERS = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header' as const,
    description: 'Repeats of a request within 24 hours are answered like the first one.',
    schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header' as const,
    description: 'The ETag of the thing as it was read; refused when it has changed since.',
    schema: { type: 'string' as const },
  },
};

const HEADERS = {
  RequestId: { description: 'Names the request.', schema: { type: 'string' as const } },
  Location: { description: 'Where to go.', schema: { type: 'string' as const } },
  RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' as const } },
  ETag: { description: 'The version of the thing.', schema: { type: 'string' as const } },
};
