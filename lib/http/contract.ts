// A route: its contract (what OpenAPI, API Gateway and the pipeline need to know) and its handler.
import type { $ZodType, output } from 'zod/v4/core';
import type { Actor, Marketplace, Scope } from '../domain/access.ts';
import type { Refusal, RefusalCode } from '../domain/refusals.ts';
import type { Result } from '../domain/result.ts';

/** A family is one Lambda function with one set of permissions. */
export const FAMILIES = [
  'public',
  'organizers',
  'tickets',
  'orders',
  'exchanges',
  'payments',
  'imports',
  'door',
  'scans',
  'ticketswap',
  'marketplaces',
  'pdfs',
  'hooks',
] as const;
export type Family = (typeof FAMILIES)[number];

/** TicketSwap's own error bodies: which field has the code, and what is said of an unknown id. */
export interface ErrorBody {
  readonly field: 'error' | 'error_code';
  readonly notFound: string;
}

/** The error bodies and statuses of a marketplace's own format. */
export interface VendorErrors {
  readonly name: string;
  /** Of refusals for which it has another status than ours. */
  readonly statuses: Readonly<Partial<Record<RefusalCode, number>>>;
  readonly properties: Readonly<Record<string, 'string' | 'object'>>;
  readonly required: readonly string[];
  readonly toBody: (refusal: Refusal) => Readonly<Record<string, unknown>>;
}

export interface Contract {
  readonly operationId: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly family: Family;
  /** `channel`: a path of `/hooks/{channelId}`, whose caller proves itself as the channel's settings say. */
  readonly scope: Scope | 'public' | 'channel';
  /** Only with scope marketplace: a key of another marketplace is answered like an unknown id. */
  readonly marketplace?: Marketplace;
  readonly summary: string;
  readonly params?: $ZodType;
  readonly query?: $ZodType;
  readonly body?: $ZodType;
  /** With 303 the answer is the address to go to. */
  readonly success: 200 | 201 | 202 | 204 | 303;
  /** Absent with 204 and 303, and with `contentType` when the answer is a text. */
  readonly response?: $ZodType;
  readonly contentType?: string;
  /** On every answer, refusals too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A route for people refuses with a page instead of a problem. */
  readonly toRefusalPage?: (refusal: Refusal) => string;
  /** Beyond those that every route may answer (401, 403, 413, 415, 422, 429, 500, 503). */
  readonly refusals: readonly RefusalCode[];
  /** How refusals are told; absent: as problem details (RFC 9457). */
  readonly errors?: ErrorBody;
  readonly vendorErrors?: VendorErrors;
  /** `own`: the request's own id makes it repeat-safe (scanId), the Idempotency-Key header is not looked at. */
  readonly idempotency?: 'header' | 'own';
  /** Only with scope channel: what comes twice changes nothing, so deliveries aren't remembered before they are taken. */
  readonly replays?: 'harmless';
}

type Parsed<S> = S extends $ZodType ? output<S> : undefined;
type ActorOf<C extends Contract> = C['scope'] extends 'public' ? undefined : Actor;

export interface RouteRequest<C extends Contract> {
  readonly actor: ActorOf<C>;
  readonly params: Parsed<C['params']>;
  readonly query: Parsed<C['query']>;
  readonly body: Parsed<C['body']>;
  /** The body as it was sent, byte for byte: what a signature is about. */
  readonly text: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The version in the If-Match header, if there was one. */
  readonly ifMatch: number | undefined;
  readonly nowMs: number;
  readonly requestId: string;
  /** Digest of caller, route and Idempotency-Key, if there was one: a change that keeps it is made once. */
  readonly requestKey: string | undefined;
  /** Scheme and host under which the caller reached the API. */
  readonly origin: string;
}

/** A handler may answer with readonly things: the response is only read. */
type DeepReadonly<T> = T extends (infer E)[]
  ? readonly DeepReadonly<E>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

type Answer<C extends Contract> = C['response'] extends $ZodType
  ? DeepReadonly<output<C['response']>>
  : C['contentType'] extends string
    ? string | Uint8Array
    : C['success'] extends 303
      ? string
      : undefined;

export interface Route<D, C extends Contract = Contract> {
  readonly contract: C;
  /** May also be a plain function; promises are awaited. */
  readonly handle: (deps: D, request: RouteRequest<C>) => Promise<Result<Answer<C>>>;
}

/** Ties a handler to its contract, so that TypeScript checks what goes in and what comes out. */
export const defineRoute = <const C extends Contract, D>(
  contract: C,
  handle: Route<D, C>['handle'],
): Route<D, C> => ({ contract, handle });

/** A route as the pipeline sees it: the contract's types have done their work by then. */
// oxlint-disable-next-line typescript/no-explicit-any -- a list of routes has as many contract types as routes
export type AnyRoute<D> = Route<D, any>;

export const toRouteKey = (contract: Pick<Contract, 'method' | 'path'>): string =>
  `${contract.method} ${contract.path}`;
