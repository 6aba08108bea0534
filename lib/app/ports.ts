// What the use cases need from the outside world. Implemented in lib/table and lib/adapters.
import type { Actor } from '../domain/access.ts';
import type { Result } from '../domain/result.ts';

/** Milliseconds since 1970 by this machine's clock; every decision takes time from here. */
export type Clock = () => number;

/** One structured log line. Only these fields exist, so that no barcode and no personal data can get into a log. */
export interface LogFields {
  readonly requestId?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly route?: string | undefined;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly importId?: string | undefined;
  readonly marketplace?: string | undefined;
  readonly count?: number | undefined;
  readonly milliseconds?: number | undefined;
  /** Name, message and stack of an unexpected error; never of a refusal. */
  readonly error?: unknown;
}
export interface Logger {
  readonly info: (message: string, fields?: LogFields) => void;
  readonly error: (message: string, fields?: LogFields) => void;
}

/** Finds out who is behind an Authorization header; a revoked key is refused at most 60 s after its revocation. */
export interface Access {
  readonly authenticate: (
    authorization: string | undefined,
    nowMs: number,
  ) => Promise<Result<Actor>>;
}

/** Refuses `rate_limited` when a key asks more often than its rate allows. */
export type RateLimiter = (keyId: string, nowMs: number) => Result<undefined>;

export interface StoredResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
export interface IdempotencyClaim {
  readonly organizationId: string;
  readonly keyId: string;
  /** Digest of route and Idempotency-Key: which request this claims to be. */
  readonly digest: string;
  /** Digest of path and body: what the request really is. */
  readonly fingerprint: string;
  /** Key material that only the caller can repeat; the stored answer is encrypted under it. */
  readonly secret: string;
  /** This very request: a claim that is written again after a lost reply knows itself by it. */
  readonly requestId: string;
}
export interface Idempotency {
  /**
   * `fresh`: go on and then `finish` or `abandon`. `replay`: answer this. Else the refusal to give; an answer that was
   * sealed under another secret (before the key was rotated) is a `mismatch`.
   */
  readonly begin: (
    claim: IdempotencyClaim,
    nowMs: number,
  ) => Promise<
    | { readonly as: 'fresh' }
    | { readonly as: 'replay'; readonly response: StoredResponse }
    | { readonly as: 'in_flight' }
    | { readonly as: 'mismatch' }
  >;
  readonly finish: (
    claim: IdempotencyClaim,
    response: StoredResponse,
    nowMs: number,
  ) => Promise<void>;
  readonly abandon: (claim: IdempotencyClaim) => Promise<void>;
}
