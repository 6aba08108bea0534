import { SESClient } from '@aws-sdk/client-ses';
import { describe, expect, it } from 'vitest';
import { createSesMailer } from '../../lib/adapters/ses-mailer.ts';
import { AddressRefusedError, MailRefusedError } from '../../lib/app/mail-ports.ts';
import { testAwsConfig } from '../support/aws.ts';

/** Answers each call with the next of these. */
function setup(...answers: readonly (Error | undefined)[]) {
  const client = new SESClient({ ...testAwsConfig('http://127.0.0.1:1'), maxAttempts: 1 });
  let calls = 0;
  client.middlewareStack.add(
    () => async () => {
      const answer = answers[calls];
      calls += 1;
      if (answer !== undefined) throw answer;
      return { output: { $metadata: {}, MessageId: 'm' }, response: {} };
    },
    { step: 'initialize' },
  );
  const slept: number[] = [];
  const mailer = createSesMailer({
    client,
    from: 'tickets@hall.example',
    configurationSet: 'set',
    mailsPerSecond: 4,
    clock: () => 1_000,
    sleep: async (ms) => slept.push(ms),
  });
  const prepare = (changes: Record<string, unknown> = {}) =>
    mailer.prepare({
      organizationId: 'org_1',
      mailId: 'out_1',
      contactId: 'con_1',
      senderName: 'My Hall',
      to: 'ada@example.com',
      subject: 'Tickets',
      text: 'text',
      html: '<p>text</p>',
      nowMs: 0,
      attachments: [],
      ...changes,
    });
  return { mailer, prepare, slept, countCalls: () => calls };
}

const toError = (name: string, httpStatusCode?: number): Error =>
  Object.assign(new Error(name), {
    name,
    $metadata: httpStatusCode === undefined ? {} : { httpStatusCode },
  });

describe('the mailer', () => {
  it('hands nothing over before it is told to', async () => {
    const { prepare, countCalls } = setup(undefined);
    const handOver = await prepare();
    expect(countCalls()).toBe(0);
    await handOver();
    expect(countCalls()).toBe(1);
  });

  it('tries again what SES is too busy for, later each time, and then gives it back', async () => {
    const busy = toError('Throttling', 400);
    const { prepare, slept, countCalls } = setup(busy, busy, undefined);
    await (
      await prepare()
    )();
    expect(countCalls()).toBe(3);
    expect(slept[0]).toBeGreaterThanOrEqual(500);
    expect(slept[1]).toBeGreaterThanOrEqual(1_000);
    const never = setup(busy, busy, busy, busy, undefined);
    await expect((await never.prepare())()).rejects.toBeInstanceOf(MailRefusedError);
    expect(never.countCalls()).toBe(4);
  });

  it('tells a refusal from an answer that is missing', async () => {
    const refused = setup(toError('MessageRejected', 400));
    await expect((await refused.prepare())()).rejects.toBeInstanceOf(MailRefusedError);
    const address = setup(toError('InvalidParameterValue', 400));
    await expect((await address.prepare())()).rejects.toBeInstanceOf(AddressRefusedError);
    for (const unclear of [toError('TimeoutError'), toError('InternalFailure', 500)]) {
      const { prepare, countCalls } = setup(unclear, undefined);
      await expect((await prepare())()).rejects.toBe(unclear);
      expect(countCalls()).toBe(1);
    }
  });

  it('gives each mail its slot', async () => {
    const { mailer, slept } = setup();
    await Promise.all([mailer.pace(), mailer.pace(), mailer.pace()]);
    expect(slept).toEqual([250, 500]);
  });

  it('prepares no mail with a header that ends early', async () => {
    const { prepare } = setup();
    await expect(prepare({ senderName: 'a\r\nBcc: b@example.com' })).rejects.toThrow(
      'a header is one line of text',
    );
    await expect(prepare({ replyTo: 'a@example.com\r\nBcc: b@example.com' })).rejects.toThrow(
      'a mail has bare addresses',
    );
  });
});
