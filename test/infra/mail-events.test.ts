import { describe, expect, it } from 'vitest';
import { findResources, synthesize, toName } from './synthesized.ts';

const stacks = synthesize();
const [destination] = findResources(stacks, 'AWS::SES::ConfigurationSetEventDestination');
const { EventDestination, ConfigurationSetName } = destination?.Properties ?? {};
const rules = findResources(stacks, 'AWS::Events::Rule').filter(
  ({ Properties }) => Properties.EventPattern !== undefined,
);

/** What matches in EventBridge, as far as our rules use it; a list in the event matches by any of its values. */
function isMatch(pattern: unknown, value: unknown): boolean {
  if (!Array.isArray(pattern)) {
    return Object.entries(pattern as object).every(([name, node]) =>
      isMatch(node, (value as Record<string, unknown> | undefined)?.[name]),
    );
  }
  const values = Array.isArray(value) ? value : [value];
  return pattern.some((one) => {
    if (one?.exists !== undefined) return one.exists === (value !== undefined);
    if (value === undefined) return false;
    const not: readonly unknown[] | undefined = one?.['anything-but'];
    if (not !== undefined) return values.some((each) => !not.includes(each));
    return values.some((each) => JSON.stringify(each) === JSON.stringify(one));
  });
}

const follow = (path: string, event: unknown): unknown =>
  path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], event);

/** What the rules put into queues of an event. */
const letThrough = (event: unknown): readonly unknown[] =>
  rules
    .filter(({ Properties }) => isMatch(Properties.EventPattern, event))
    .flatMap(({ Properties }) => Properties.Targets)
    .map(({ InputTransformer: { InputPathsMap, InputTemplate } }) =>
      JSON.parse(
        String(InputTemplate).replaceAll(/<([\w-]+)>/g, (_, name) =>
          JSON.stringify(follow(InputPathsMap[name], event)),
        ),
      ),
    );

const ADDRESS = 'canary@example.com';
/** As SES sends it, with the address in every place that it has for one. */
const toEvent = (detail: Record<string, unknown>, tags: Record<string, unknown> = {}) => ({
  version: '0',
  id: 'e',
  source: 'aws.ses',
  'detail-type': 'Email Bounced',
  resources: [],
  detail: {
    mail: {
      messageId: 'm',
      destination: [ADDRESS],
      headers: [{ name: 'To', value: ADDRESS }],
      commonHeaders: { to: [ADDRESS], subject: 'Your tickets' },
      tags: {
        organization: ['org_1'],
        contact: ['con_1'],
        'ses:configuration-set': [ConfigurationSetName],
        ...tags,
      },
    },
    ...detail,
  },
});
const bounce = (bounceType: string) => ({
  eventType: 'Bounce',
  bounce: { bounceType, bouncedRecipients: [{ emailAddress: ADDRESS, diagnosticCode: ADDRESS }] },
});
const complaint = (more: Record<string, unknown> = {}) => ({
  eventType: 'Complaint',
  complaint: { complainedRecipients: [{ emailAddress: ADDRESS }], ...more },
});
const told = (cause: string) => [{ organization: ['org_1'], contact: ['con_1'], cause }];

describe('what SES tells of a mail', () => {
  it('is its bounces and complaints', () => {
    expect(EventDestination.MatchingEventTypes).toEqual(['bounce', 'complaint']);
    expect(
      rules
        .flatMap(({ Properties }) => Properties.Targets)
        .map(({ Arn }: { Arn: unknown }) => toName(stacks, Arn)),
    ).toEqual(['MailEventsQueue.Arn', 'MailEventsQueue.Arn']);
  });

  it.each([
    ['a bounce for good', toEvent(bounce('Permanent')), told('bounce')],
    ['a complaint', toEvent(complaint()), told('complaint')],
    [
      'a complaint of a kind',
      toEvent(complaint({ complaintFeedbackType: 'abuse' })),
      told('complaint'),
    ],
    [
      'a complaint of no kind',
      toEvent(complaint({ complaintFeedbackType: null })),
      told('complaint'),
    ],
    ['a full mailbox', toEvent(bounce('Transient')), []],
    [
      'a complaint that is taken back',
      toEvent(complaint({ complaintFeedbackType: 'not-spam' })),
      [],
    ],
    [
      "another stage's bounce",
      toEvent(bounce('Permanent'), { 'ses:configuration-set': ['other'] }),
      [],
    ],
    [
      'a bounce of a mail that is not ours',
      toEvent(bounce('Permanent'), { contact: undefined }),
      [],
    ],
  ])('gets into the queue without the address: %s', (_, event, expected) => {
    expect(letThrough(event)).toEqual(expected);
  });

  it('lies nowhere as it came: not even where it could not be delivered', () => {
    for (const { Properties } of rules) {
      for (const target of Properties.Targets) {
        expect(target).not.toHaveProperty('DeadLetterConfig');
        expect(target.RetryPolicy.MaximumEventAgeInSeconds).toBeLessThanOrEqual(3_600);
      }
    }
  });
});
