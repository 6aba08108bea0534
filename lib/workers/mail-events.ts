// Bounces and complaints, as far as the rule lets what the mail service tells of them through: ids of whose mail it was,
// and what happened. The address itself never gets into a queue.
import * as z from 'zod';
import { suppressAddress, type SuppressDeps } from '../app/mails/suppress-address.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

/** A mail's tag has a list of values. */
const $Tag = z.tuple([z.string()]);
const $Event = z.object({
  organization: $Tag,
  contact: $Tag,
  cause: z.enum(['bounce', 'complaint']),
});

export function createMailEventWorker(deps: SuppressDeps): BatchHandler {
  return createBatchHandler(async (body) => {
    const parsed = $Event.safeParse(body);
    if (!parsed.success) throw new MalformedRecordError('not an event of a mail');
    const { organization, contact, cause } = parsed.data;
    await suppressAddress(deps, { organizationId: organization[0], contactId: contact[0], cause });
  }, deps.logger);
}
