// The new holder's answers to what the organizer asks. They may be given again until the ticket is admitted.
import { type Answers, findAnswerFaults } from '../../domain/swaps/personalization.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { loadResale, type ResaleDeps, type ResaleView } from './load-resale.ts';

export interface PersonalizeRequest {
  readonly organizationId: string;
  readonly barcode: string;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
}

/** Each further try follows another writer's change of this very ticket. */
const TRIES_MAX = 20;

/** Repeat-safe. Refuses `not_found`, `personalization_not_allowed`, `validation_failed`, `unavailable`. */
export async function personalizeTicket(
  deps: ResaleDeps,
  request: PersonalizeRequest,
): Promise<Result<ResaleView>> {
  const { organizationId, barcode, answers, nowMs } = request;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const view = await loadResale(deps, { organizationId, barcode }, nowMs);
    if (view === undefined) return refuse('not_found', { facts: { barcode } });
    const { personalizationFields: fields = [] } = view.event;
    const { valid, swappable } = view.resale;
    const { origin, holderName } = view.ticket;
    // Whoever was erased is asked nothing any more.
    if (origin !== 'SWAP' || holderName === undefined || !valid || fields.length === 0) {
      return refuse('personalization_not_allowed', { facts: { barcode, valid, swappable } });
    }
    const errors = findAnswerFaults(fields, answers, '/fields');
    if (errors.length > 0) return refuse('validation_failed', { errors });
    const given = Object.entries(answers).filter(([, answer]) => answer !== null && answer !== '');
    const kept = Object.fromEntries(given) as Answers;
    if (await deps.swaps.saveAnswers(view.ticket, kept)) {
      return ok({ ...view, isPersonalizationPending: false });
    }
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}
