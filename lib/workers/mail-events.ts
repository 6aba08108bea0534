// What the mail service tells of mails that it took: bounces and complaints, as EventBridge delivers them. A mail of
// ours has one addressee, so that is the address it is about, however the bounce spells it.
import * as z from 'zod';
import { ORGANIZATION_TAG } from '../app/mail-ports.ts';
import { suppressAddress, type SuppressDeps } from '../app/mails/suppress-address.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

const $Mail = z.object({
  destination: z.array(z.string()).length(1),
  tags: z.object({ [ORGANIZATION_TAG]: z.array(z.string()).length(1) }),
});
const $Detail = z.discriminatedUnion('eventType', [
  z.object({
    eventType: z.literal('Bounce'),
    mail: $Mail,
    bounce: z.object({ bounceType: z.string() }),
  }),
  z.object({
    eventType: z.literal('Complaint'),
    mail: $Mail,
    complaint: z.object({ complaintFeedbackType: z.string().nullish() }),
  }),
]);
const $Event = z.object({ detail: $Detail });

export function createMailEventWorker(deps: SuppressDeps): BatchHandler {
  return createBatchHandler(async (body) => {
    const parsed = $Event.safeParse(body);
    if (!parsed.success) throw new MalformedRecordError('not an event of the mail service');
    const { detail } = parsed.data;
    const cause = toCause(detail);
    if (cause === undefined) return;
    const [organizationId = ''] = detail.mail.tags[ORGANIZATION_TAG];
    const [address = ''] = detail.mail.destination;
    await suppressAddress(deps, { organizationId, address, cause });
  }, deps.logger);
}

/** A full mailbox empties, a complaint may be taken back: neither says that the address is dead. */
function toCause(detail: z.output<typeof $Detail>) {
  if (detail.eventType === 'Bounce') {
    return detail.bounce.bounceType === 'Permanent' ? ('bounce' as const) : undefined;
  }
  return detail.complaint.complaintFeedbackType === 'not-spam' ? undefined : ('complaint' as const);
}
