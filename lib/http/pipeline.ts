// The one middy stack through which every route runs: who asks, how often, what is asked, the handler, the answer.
// Each step returns early with a problem; nothing is thrown for an expected "no".
import middy from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { AdmitInbound } from '../app/channel-ports.ts';
import type { Access, Clock, Idempotency, Logger, RateLimiter } from '../app/ports.ts';
import { present } from '../domain/assert.ts';
import type { Refusal } from '../domain/refusals.ts';
import { refuse } from '../domain/result.ts';
import { idempotent, toRequestKey } from './idempotent.ts';
import { type AnyRoute, type Contract, toRouteKey } from './contract.ts';
import { readInput, readText } from './input.ts';
import { type HttpResponse, toRefusal } from './problem.ts';
import { toResponse } from './respond.ts';

export interface PipelineDeps {
  readonly access: Access;
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Absent in families whose routes bring their own idempotency (scans). */
  readonly idempotency?: Idempotency;
  /** In families with routes of channels. */
  readonly admitInbound?: AdmitInbound;
}

export type HttpHandler = (event: APIGatewayProxyEventV2) => Promise<HttpResponse>;

/** Wraps a route into a Lambda handler for HTTP API events (payload format 2.0). */
export function pipeline<D extends PipelineDeps>(route: AnyRoute<D>, deps: D): HttpHandler {
  const { contract } = route;
  const serve = async (event: APIGatewayProxyEventV2): Promise<HttpResponse> => {
    const nowMs = deps.clock();
    const { requestId } = event.requestContext;
    const problem = (refusal: Refusal): HttpResponse => toRefusal(contract, refusal, requestId);

    const access = await admit(contract, deps, event, nowMs);
    if (!access.ok) return problem(access.refusal);
    const actor = access.value;
    const input = readInput(contract, event);
    if (!input.ok) return problem(input.refusal);
    if (input.value.ifMatch !== undefined && !hasVersion(contract)) {
      return problem({ code: 'precondition_failed', detail: 'What this changes has no ETag.' });
    }

    return idempotent(
      { contract, event, actor, nowMs, idempotency: deps.idempotency, logger: deps.logger },
      async () => {
        const origin = toOrigin(event);
        const result = await route.handle(deps, {
          ...input.value,
          // Read by the few routes that need it.
          get text() {
            return readText(event);
          },
          headers: event.headers,
          actor,
          nowMs,
          requestId,
          requestKey: toRequestKey(contract, event, actor),
          origin,
        });
        return result.ok ? toResponse(contract, result.value, requestId) : problem(result.refusal);
      },
    );
  };
  return middy(serve).use(logFailures(contract, deps)) as unknown as HttpHandler;
}

/** If-Match on a thing without a version names a state that it never had; ignoring it would feign a guard. */
const hasVersion = ({ method, refusals }: Contract): boolean =>
  method === 'GET' || refusals.includes('precondition_failed');

const toOrigin = ({ headers, requestContext }: APIGatewayProxyEventV2): string =>
  `${headers['x-forwarded-proto'] ?? 'https'}://${headers['host'] ?? requestContext.domainName}`;

async function admit(
  contract: Contract,
  deps: PipelineDeps,
  event: APIGatewayProxyEventV2,
  nowMs: number,
) {
  if (contract.scope === 'public') return { ok: true as const, value: undefined };
  if (contract.scope === 'channel') return admitByChannel(contract, deps, event, nowMs);
  const access = await deps.access.authenticate(event.headers['authorization'], nowMs);
  if (!access.ok) return access;
  const limited = deps.limiter(access.value.keyId, nowMs);
  if (!limited.ok) return limited;
  if (access.value.scope !== contract.scope) {
    const detail = `This route needs a key of scope ${contract.scope}.`;
    return { ok: false as const, refusal: { code: 'forbidden' as const, detail } };
  }
  if (contract.marketplace !== undefined && access.value.marketplace !== contract.marketplace) {
    return refuse('not_found');
  }
  return access;
}

/** Whose request it is says the channel, and so does the limit: an actor's key is the channel's id there. */
async function admitByChannel(
  contract: Contract,
  deps: PipelineDeps,
  event: APIGatewayProxyEventV2,
  nowMs: number,
) {
  const { rawPath: path, rawQueryString: query, headers, requestContext } = event;
  const { requestId, domainName } = requestContext;
  const { method } = requestContext.http;
  const host = headers['host'] ?? domainName;
  const call = { method, host, path, query, headers, text: readText(event) };
  const admitInbound = present(deps.admitInbound, 'a family with channels can admit them');
  const channelId = event.pathParameters?.['channelId'] ?? '';
  const access = await admitInbound({
    channelId,
    call,
    requestId,
    nowMs,
    isRemembered: contract.replays !== 'harmless',
  });
  if (!access.ok) return access;
  const limited = deps.limiter(access.value.keyId, nowMs);
  return limited.ok ? access : limited;
}

/** One line for each failed request: a refusal is information, anything thrown is an error and becomes a 500. */
function logFailures(contract: Contract, deps: PipelineDeps): middy.MiddlewareObj {
  const route = toRouteKey(contract);
  return {
    after: (request) => {
      const { statusCode: status } = request.response as HttpResponse;
      if (status < 400) return;
      const { requestId } = (request.event as APIGatewayProxyEventV2).requestContext;
      deps.logger.info('request refused', { requestId, route, status });
    },
    onError: (request) => {
      const { requestId } = (request.event as APIGatewayProxyEventV2).requestContext;
      const code = isOverload(request.error) ? 'unavailable' : 'internal_error';
      deps.logger.error('request failed', { requestId, route, code, error: request.error });
      request.response = toRefusal(
        contract,
        code === 'unavailable' ? { code, retryAfterSeconds: 1 } : { code },
        requestId,
      );
    },
  };
}

/** Contention, throttling and silence that outlasted every retry: the caller may try again. */
const OVERLOAD = new Set([
  'TransactionCanceledException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TimeoutError',
]);
const isOverload = (error: unknown): boolean => error instanceof Error && OVERLOAD.has(error.name);
