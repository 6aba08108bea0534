// The closed list of reasons with which a request can be refused. HTTP status and title of each stand in
// lib/http/problem-types.ts; a code that is missing there does not compile.

export const REFUSAL_CODES = [
  'not_found',
  'unauthorized',
  'forbidden',
  'invalid_json',
  'unsupported_media_type',
  'body_too_large',
  'validation_failed',
  'rate_limited',
  'internal_error',
  'unavailable',
  'idempotency_in_flight',
  'idempotency_mismatch',
  'precondition_failed',
  'already_exists',
  'event_url_taken',
  'limit_reached',
  'barcode_exists',
  'sold_out',
  'event_over',
  'order_complimentary',
  'order_canceled',
  'order_unpaid',
  'not_refundable',
  'not_retryable',
  'nothing_due',
  'ticket_held',
  'order_refunded',
  'order_changed',
  'not_exchangeable',
  'same_type',
  'quote_stale',
  'not_deletable',
  'not_last_admission',
  'not_blockable',
  'not_reissuable',
  'not_cancelable',
  'import_not_startable',
  'import_not_undoable',
  'report_not_ready',
  'ticket_already_swapped',
  'ticket_already_scanned',
  'order_cancelled',
  'resell_not_allowed',
  'personalization_not_allowed',
  'ticket_not_lockable',
  'not_listable',
  'not_available',
  'price_changed',
  'invalid_split',
  'hold_expired',
  'hold_released',
  'hold_binding',
  'penalty_applies',
  'already_invoiced',
  'not_confirmable',
  'not_rejectable',
  'not_waivable',
  'id_reused',
  'replayed',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** One fault in the caller's input; `pointer` is a JSON pointer (RFC 6901) and never carries the value. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

export interface Refusal {
  readonly code: RefusalCode;
  /** Written for the caller: what went wrong and what to do. */
  readonly detail?: string;
  /** Which of several reasons it is, where the code leaves that open. */
  readonly cause?: string;
  readonly errors?: readonly Fault[];
  readonly retryAfterSeconds?: number;
  /** Fields of a protocol's own error body; problem details have none of them. */
  readonly facts?: Readonly<Record<string, string | boolean>>;
}
