// Takes what a marketplace tells: one message in the queue is the only write, and it is durable. Who asks again after a
// failure tells the same once more, which changes nothing.
import type { Marketplace } from '../../domain/access.ts';
import { areIdsShort, OWN_ID_CHARACTERS_MAX } from '../../domain/marketplaces/notice.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { NoticeFormats, NoticeMessage, NoticeQueue, Sealer } from '../notice-ports.ts';
import type { Logger } from '../ports.ts';

/** Sealed, and in base64, it has to fit into a message of SQS (256 KiB) and an item of the table (400 KB). */
const NOTICE_BYTES_MAX = 128 * 1024;
/** Marketplaces try again after seconds anyway (reference F6). */
const RETRY_AFTER_SECONDS = 5;

export interface TakeNoticeDeps {
  readonly notices: Pick<NoticeQueue, 'send'>;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly logger: Logger;
}

export interface GivenNotice {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  /** The body, byte for byte. */
  readonly text: string;
  readonly nowMs: number;
}

/** Refuses `unavailable` when the queue doesn't take it: then nothing is taken. */
export async function takeNotice(
  { notices, sealer, logger }: TakeNoticeDeps,
  { text, nowMs, ...whose }: GivenNotice,
  format: NoticeMessage['format'],
): Promise<Result<undefined>> {
  if (Buffer.byteLength(text) > NOTICE_BYTES_MAX) {
    return refuse('body_too_large', { detail: `A body has at most ${NOTICE_BYTES_MAX} bytes.` });
  }
  const { organizationId, marketplace } = whose;
  const sealed = await sealer.seal(organizationId, text);
  const ids = { organizationId, marketplace };
  try {
    await notices.send({ type: 'notice.received', ...ids, format, receivedAtMs: nowMs, sealed });
  } catch (error) {
    logger.error('notice not taken', { organizationId, code: 'notice_not_taken', error });
    return refuse('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
  return ok(undefined);
}

/** In the marketplace's own words. What tells nothing of a sale is taken and forgotten. */
export async function takeNativeNotice(
  deps: TakeNoticeDeps & { readonly formats: NoticeFormats },
  given: GivenNotice,
): Promise<Result<undefined>> {
  const notices = deps.formats[given.marketplace]?.parseDelivery(given.text);
  if (notices === undefined) {
    return refuse('validation_failed', { detail: 'The body is not what this address takes.' });
  }
  if (!notices.every(areIdsShort)) {
    const detail = `An order's, a hold's or a listing's id has at most ${OWN_ID_CHARACTERS_MAX} characters.`;
    return refuse('validation_failed', { detail });
  }
  return notices.length === 0 ? ok(undefined) : takeNotice(deps, given, 'native');
}
