// Keeps mail from an address that bounced for good or complained, known by the id that a contact with it has.
import type { SuppressionCause, SuppressionStore } from '../mail-ports.ts';
import type { Clock, Logger } from '../ports.ts';

export interface SuppressDeps {
  readonly suppressions: Pick<SuppressionStore, 'suppress'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export async function suppressAddress(
  { suppressions, clock, logger }: SuppressDeps,
  told: {
    readonly organizationId: string;
    readonly contactId: string;
    readonly cause: SuppressionCause;
  },
): Promise<void> {
  await suppressions.suppress({ ...told, nowMs: clock() });
  const { organizationId, cause } = told;
  logger.info('address suppressed', { organizationId, code: `mail_${cause}`, count: 1 });
}
