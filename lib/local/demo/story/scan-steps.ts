// The story's second half: at the door each imported ticket is let in once, whatever is in its barcode.
import type { Answer } from '../api.ts';
import { aPositiveInteger, aTime } from './expected.ts';
import { recall, type Step, type Story } from './step.ts';

interface Scan {
  readonly scanId: string;
  readonly barcode: string;
  readonly mode?: 'check';
}

const scan = (story: Story, { scanId, barcode, mode }: Scan): Promise<Answer> =>
  story.api('POST', '/v1/validate', {
    key: recall<string>(story, 'deviceKey'),
    body: { scanId, eventId: story.eventId, barcode, ...(mode === undefined ? {} : { mode }) },
  });

const toTicket = (story: Story, holderName: string, type: 'Regular' | 'VIP') => ({
  eventTicketId: aPositiveInteger,
  ticketTypeId: story.ticketTypeIds[type === 'VIP' ? 'vip' : 'regular'],
  ticketTypeName: type,
  holderName,
  origin: 'IMPORTED',
});

const anna = (story: Story) => toTicket(story, 'Anna Space', 'Regular');

const admit = (who: keyof Story['tickets'], holderName: string, type: 'Regular' | 'VIP'): Step => ({
  title: `${holderName} is admitted`,
  ask: (story) => scan(story, { scanId: `${who}-1`, barcode: story.tickets[who] }),
  status: 200,
  body: (story) => ({
    outcome: 'ADMITTED',
    repeated: false,
    ticket: toTicket(story, holderName, type),
  }),
});

export const SCAN_STEPS: readonly Step[] = [
  {
    title: 'a check finds the ticket good and changes nothing',
    ask: (story) =>
      scan(story, { scanId: 'check-1', barcode: story.tickets.spaced, mode: 'check' }),
    status: 200,
    body: (story) => ({ outcome: 'VALID', repeated: false, ticket: anna(story) }),
  },
  {
    title: 'the barcode with the leading space and zeros is admitted',
    ask: (story) => scan(story, { scanId: story.scanIds.first, barcode: story.tickets.spaced }),
    status: 200,
    body: (story) => ({ outcome: 'ADMITTED', repeated: false, ticket: anna(story) }),
  },
  {
    title: 'the same scan again, after a lost answer, is the same admission',
    ask: (story) => scan(story, { scanId: story.scanIds.first, barcode: story.tickets.spaced }),
    status: 200,
    body: (story) => ({ outcome: 'ADMITTED', repeated: true, ticket: anna(story) }),
  },
  {
    title: 'a second scan is refused and tells of the first',
    ask: (story) => scan(story, { scanId: story.scanIds.second, barcode: story.tickets.spaced }),
    status: 200,
    body: (story) => ({
      outcome: 'REFUSED',
      reason: 'ALREADY_USED',
      repeated: false,
      ticket: anna(story),
      previous: { at: aTime, deviceId: recall(story, 'deviceId') },
    }),
  },
  {
    title: 'without its space it is another barcode, and unknown',
    ask: (story) => scan(story, { scanId: 'bare-1', barcode: story.tickets.spaced.trim() }),
    status: 200,
    body: () => ({ outcome: 'REFUSED', reason: 'UNKNOWN', repeated: false }),
  },
  {
    title: 'a barcode that nobody has is unknown',
    ask: (story) => scan(story, { scanId: 'unknown-1', barcode: story.tickets.unknown }),
    status: 200,
    body: () => ({ outcome: 'REFUSED', reason: 'UNKNOWN', repeated: false }),
  },
  admit('zeros', 'Otto Zero', 'Regular'),
  admit('quoted', 'Quinn Quote', 'VIP'),
  admit('plain', 'Paula Plain', 'Regular'),
];
