// Words that several mails, the ticket and the payment page share.
import { toMomentText } from '../formats.ts';
import type { Fact } from './layout.ts';
import type { Language, MailEvent } from './mail.ts';

const LABELS = {
  en: {
    event: 'Event',
    date: 'Date',
    order: 'Order',
    section: 'Section',
    row: 'Row',
    seat: 'Seat',
  },
  nl: {
    event: 'Evenement',
    date: 'Datum',
    order: 'Bestelling',
    section: 'Vak',
    row: 'Rij',
    seat: 'Stoel',
  },
} as const satisfies Record<Language, unknown>;

interface About {
  readonly language: Language;
  readonly event: MailEvent;
  readonly orderId?: number;
}

export function toEventFacts({ language, event }: About): readonly Fact[] {
  const labels = LABELS[language];
  return [
    { label: labels.event, value: event.name },
    { label: labels.date, value: toMomentText(event.startsAt, event.timezone, language) },
  ];
}

export const toOrderFacts = (about: About & { readonly orderId: number }): readonly Fact[] => [
  ...toEventFacts(about),
  { label: LABELS[about.language].order, value: String(about.orderId) },
];

export interface Place {
  readonly section?: string | undefined;
  readonly row?: string | undefined;
  readonly seat?: string | undefined;
}

export function toPlaceFacts({ section, row, seat }: Place, language: Language): readonly Fact[] {
  const labels = LABELS[language];
  const facts = [
    { label: labels.section, value: section ?? '' },
    { label: labels.row, value: row ?? '' },
    { label: labels.seat, value: seat ?? '' },
  ];
  return facts.filter(({ value }) => value !== '');
}

/** `Section A, row 3, seat 12`, or nothing. */
export const toPlace = (place: Place, language: Language): string => {
  const [first, ...others] = toPlaceFacts(place, language).map(
    ({ label, value }) => [label, value] as const,
  );
  if (first === undefined) return '';
  return [first, ...others.map(([label, value]) => [label.toLowerCase(), value])]
    .map((pair) => pair.join(' '))
    .join(', ');
};
