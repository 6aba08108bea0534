// Hands mails to SES. The client doesn't try again by itself: after a lost reply nobody knows whether the mail has
// left, and that decision belongs to whoever claimed it. Only what SES certainly refused is tried again here.
import { createHash } from 'node:crypto';
import { SendRawEmailCommand, type SESClient } from '@aws-sdk/client-ses';
import {
  AddressRefusedError,
  type Mailer,
  MailRefusedError,
  type MailToSend,
} from '../app/mail-ports.ts';
import { toMime } from './mail-mime.ts';

export interface SesOptions {
  readonly client: SESClient;
  readonly from: string;
  readonly configurationSet: string;
  /** Of this process. */
  readonly mailsPerSecond: number;
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Tries of a mail that SES is too busy for; with the pauses between them about seven seconds. */
const TRIES_MAX = 4;
const PAUSE_MS = 1_000;

export function createSesMailer(options: SesOptions): Mailer {
  return {
    async prepare(mail) {
      const bytes = await toMime({ ...mail, ...toSender(options, mail) });
      return async () => handOver(options, mail, bytes);
    },
    pace: createPace(options),
  };
}

const toSender = ({ from }: SesOptions, { senderName, mailId, nowMs }: MailToSend) => ({
  from: { name: senderName, address: from },
  messageId: `${createHash('sha256').update(mailId).digest('hex')}@${from.replace(/^.*@/, '')}`,
  date: new Date(nowMs),
});

/** Mails leave one after the other, each in its slot. */
function createPace({ mailsPerSecond, clock, sleep }: SesOptions): Mailer['pace'] {
  let nextMs = 0;
  return async () => {
    const nowMs = clock();
    const slotMs = Math.max(nowMs, nextMs);
    nextMs = slotMs + 1_000 / mailsPerSecond;
    if (slotMs > nowMs) await sleep(slotMs - nowMs);
  };
}

async function handOver(options: SesOptions, mail: MailToSend, bytes: Buffer): Promise<void> {
  const command = new SendRawEmailCommand({
    Source: options.from,
    Destinations: [mail.to],
    RawMessage: { Data: bytes },
    ConfigurationSetName: options.configurationSet,
    // Come back with a bounce, which therefore needs no address: the rules in mail-events.ts read them.
    Tags: [
      { Name: 'organization', Value: mail.organizationId },
      { Name: 'contact', Value: mail.contactId },
    ],
  });
  for (let tries = 1; ; tries += 1) {
    try {
      await options.client.send(command);
      return;
    } catch (error) {
      if (isThrottling(error) && tries < TRIES_MAX) {
        await options.sleep(PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random() / 2));
      } else if (isOfAddress(error)) {
        throw new AddressRefusedError('SES refused the address', { cause: error });
      } else if (isRefusal(error)) {
        throw new MailRefusedError('SES refused the mail', { cause: error });
      } else throw error;
    }
  }
}

interface SesFault {
  readonly name?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const isThrottling = (error: unknown): boolean =>
  /^(?:Throttling|TooManyRequests)/.test(String((error as SesFault).name));

/**
 * All else in a mail's parameters is ours and the same for every mail. `MessageRejected` is none of it: SES says so too
 * while the sender isn't verified or the account may not send, and that can be mended.
 */
const isOfAddress = (error: unknown): boolean =>
  (error as SesFault).name === 'InvalidParameterValue';

/** SES answered, and its answer was that the request was wrong: 4xx. */
function isRefusal(error: unknown): boolean {
  const { $metadata } = error as SesFault;
  const status = $metadata?.httpStatusCode ?? 0;
  return status >= 400 && status < 500;
}
