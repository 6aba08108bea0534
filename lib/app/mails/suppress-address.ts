// Keeps mail from an address that bounced for good or complained. The mail service tells of it with the mail's tag,
// which names the organization whose mail it was.
import { toContactId } from '../../domain/contact.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { SuppressionCause, SuppressionStore } from '../mail-ports.ts';
import type { Clock, Logger } from '../ports.ts';

export interface SuppressDeps {
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly suppressions: Pick<SuppressionStore, 'suppress'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export async function suppressAddress(
  { contacts, suppressions, clock, logger }: SuppressDeps,
  told: {
    readonly organizationId: string;
    readonly address: string;
    readonly cause: SuppressionCause;
  },
): Promise<void> {
  const { organizationId, address, cause } = told;
  const contactId = toContactId(address, await contacts.loadSecret(organizationId));
  await suppressions.suppress({ organizationId, contactId, cause, nowMs: clock() });
  logger.info('address suppressed', { organizationId, code: `mail_${cause}`, count: 1 });
}
