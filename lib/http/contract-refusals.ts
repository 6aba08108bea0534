// Which problems a contract may answer with: its own refusals and those that the pipeline gives for every route.
import type { RefusalCode } from '../domain/refusals.ts';
import type { Contract } from './contract.ts';
import { PROBLEM_TYPES } from './problem-types.ts';

export const isWriting = (contract: Contract): boolean => contract.method !== 'GET';

export const takesIdempotencyKey = (contract: Contract): boolean =>
  isWriting(contract) && contract.scope !== 'public' && contract.idempotency !== 'own';

export const toStatus = (
  { vendorErrors }: Pick<Contract, 'vendorErrors'>,
  code: RefusalCode,
): number => vendorErrors?.statuses[code] ?? PROBLEM_TYPES[code].status;

/** Codes by status, both in ascending order. */
export function toRefusalsByStatus(
  contract: Contract,
): ReadonlyMap<number, readonly RefusalCode[]> {
  const codes = [...new Set([...contract.refusals, ...toGeneralRefusals(contract)])];
  const statuses = [...new Set(codes.map((code) => toStatus(contract, code)))];
  return new Map(
    statuses
      .toSorted((a, b) => a - b)
      .map((status) => [
        status,
        codes.filter((code) => toStatus(contract, code) === status).toSorted(),
      ]),
  );
}

function toGeneralRefusals(contract: Contract): readonly RefusalCode[] {
  const asked: readonly [boolean, readonly RefusalCode[]][] = [
    [contract.scope !== 'public', ['unauthorized', 'forbidden', 'rate_limited']],
    [contract.scope === 'channel', ['not_found']],
    // Whatever proves a caller to be the channel's marketplace has to be fresh.
    [contract.scope === 'channel' && contract.replays !== 'harmless', ['replayed']],
    // A path that can't be an id, or a key of another marketplace, is answered like an unknown id.
    [contract.params !== undefined || contract.marketplace !== undefined, ['not_found']],
    [contract.body !== undefined, ['invalid_json', 'body_too_large', 'unsupported_media_type']],
    // A GET without a query has an If-Match header to get wrong, too.
    [true, ['validation_failed', 'internal_error', 'unavailable']],
    // If-Match on a thing without a version is refused, too.
    [isWriting(contract), ['precondition_failed']],
    [takesIdempotencyKey(contract), ['idempotency_in_flight', 'idempotency_mismatch']],
  ];
  return asked.flatMap(([applies, codes]) => (applies ? codes : []));
}
