// The error bodies of TicketSwap's protocol (product.md section 6): the code in capitals, and beside it what the
// protocol tells of the barcode. Nothing internal gets into them either.
import type { Refusal, RefusalCode } from '../domain/refusals.ts';
import type { ErrorBody } from './contract.ts';

/** `error` stands with what is known of the barcode; `error_code` alone. */
export function toErrorBody(errors: ErrorBody, refusal: Refusal): Record<string, unknown> {
  const code = toErrorCode(errors, refusal.code);
  const { detail, errors: faults } = refusal;
  return {
    ...(errors.field === 'error' ? { barcode: null, valid: false, swappable: false } : {}),
    ...refusal.facts,
    [errors.field]: code,
    ...(detail === undefined ? {} : { message: detail }),
    ...(faults === undefined ? {} : { errors: faults }),
  };
}

export const toErrorCode = ({ notFound }: ErrorBody, code: RefusalCode): string =>
  code === 'not_found' ? notFound : code.toUpperCase();
