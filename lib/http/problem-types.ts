// HTTP status and title of every refusal. The README's error table repeats this file.
import type { RefusalCode } from '../domain/refusals.ts';

export interface ProblemType {
  readonly status: number;
  readonly title: string;
}

export const PROBLEM_TYPES: Readonly<Record<RefusalCode, ProblemType>> = {
  not_found: { status: 404, title: 'There is nothing here for this key.' },
  unauthorized: { status: 401, title: 'The key is missing, unknown or revoked.' },
  forbidden: { status: 403, title: 'The key has another scope.' },
  invalid_json: { status: 400, title: 'The body is not JSON.' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json.' },
  body_too_large: { status: 413, title: 'The body is too large.' },
  validation_failed: { status: 422, title: 'The request has faults.' },
  rate_limited: { status: 429, title: 'Too many requests.' },
  internal_error: { status: 500, title: 'Something went wrong on our side.' },
  unavailable: { status: 503, title: 'The request could not be decided in time; try again.' },
  idempotency_in_flight: {
    status: 409,
    title: 'The first request with this Idempotency-Key runs.',
  },
  idempotency_mismatch: { status: 422, title: 'This Idempotency-Key came with another request.' },
  precondition_failed: { status: 412, title: 'The thing has changed since it was read.' },
  already_exists: { status: 409, title: 'A thing with this id exists.' },
  event_url_taken: { status: 409, title: 'Another event of the organization has this eventUrl.' },
  limit_reached: { status: 409, title: 'The organization has as many of these as it may.' },
  barcode_exists: { status: 409, title: 'The organization has a ticket with this barcode.' },
  sold_out: { status: 409, title: 'No tickets are left.' },
  event_over: { status: 409, title: 'The event is over.' },
  order_complimentary: { status: 409, title: 'A complimentary order has no money.' },
  order_canceled: { status: 409, title: 'The order was canceled.' },
  order_unpaid: { status: 409, title: 'Nothing was paid for this order.' },
  not_refundable: { status: 409, title: 'There is nothing here that could be refunded.' },
  not_retryable: { status: 409, title: 'Only a refund that failed can be tried again.' },
  nothing_due: { status: 409, title: 'Nothing is due.' },
  order_refunded: { status: 409, title: 'A refunded order takes no exchange.' },
  order_changed: { status: 409, title: 'The order changed meanwhile: read it and decide again.' },
  not_exchangeable: { status: 409, title: "The ticket's type cannot be exchanged." },
  same_type: { status: 409, title: 'The ticket has this type already.' },
  quote_stale: { status: 409, title: 'What was quoted has changed: ask for another quote.' },
  ticket_held: {
    status: 409,
    title: 'A ticket of this order is held or offered by a marketplace.',
  },
  not_deletable: {
    status: 409,
    title: 'Only imported tickets that were never admitted can be deleted.',
  },
  not_last_admission: {
    status: 409,
    title: "This scan is not the ticket's last admission by this device.",
  },
  not_blockable: { status: 409, title: "The ticket can't be blocked or unblocked." },
  not_cancelable: { status: 409, title: 'The ticket cannot be canceled.' },
  not_reissuable: { status: 409, title: 'The ticket cannot get another barcode.' },
  import_not_startable: { status: 409, title: 'The import is not in a state to be started.' },
  import_not_undoable: { status: 409, title: 'The import is not in a state to be undone.' },
  ticket_already_swapped: { status: 400, title: 'The ticket was resold before.' },
  ticket_already_scanned: { status: 400, title: 'The ticket was admitted.' },
  order_cancelled: { status: 400, title: 'The ticket is canceled.' },
  resell_not_allowed: { status: 400, title: "The ticket can't be resold." },
  personalization_not_allowed: { status: 400, title: "The ticket can't be personalized." },
  ticket_not_lockable: { status: 409, title: "The ticket can't be offered for resale." },
  not_listable: { status: 409, title: 'A ticket is not stock that may be offered.' },
  not_available: { status: 409, title: 'Fewer tickets are available than asked for.' },
  price_changed: { status: 409, title: 'The price of the listing is another one.' },
  invalid_split: { status: 409, title: 'So many tickets are not sold together.' },
  hold_expired: { status: 409, title: 'The hold has expired.' },
  hold_released: { status: 409, title: 'The hold was released.' },
  hold_binding: { status: 409, title: "A binding hold is the marketplace's to release." },
  penalty_applies: { status: 409, title: 'The marketplace takes a penalty for this: accept it.' },
  already_invoiced: { status: 409, title: 'The hold or the order was invoiced before.' },
  not_confirmable: { status: 409, title: 'The sale is over and cannot be confirmed.' },
  not_rejectable: { status: 409, title: 'The sale has its tickets or is over.' },
  not_waivable: {
    status: 409,
    title: 'The sale has its tickets, is over, or no waiver was asked for.',
  },
  id_reused: { status: 422, title: 'This id came with another request before.' },
  replayed: { status: 409, title: 'This delivery was received before.' },
  report_not_ready: {
    status: 409,
    title: 'The report has not been asked for or is still being made.',
  },
};

/** Stable URI of a refusal: a name, not an address. */
export const toProblemUri = (code: RefusalCode): string => `urn:swapgate:problem:${code}`;
