// What the organizer wants to know of a ticket's new holder: the fields of an event, and the answers to them.
import type { Fault } from '../refusals.ts';

export const FIELD_TYPES = [
  'text',
  'textarea',
  'number',
  'single_choice',
  'multi_choice',
  'date',
  'time',
  'datetime',
  'url',
  'email',
  'phone',
  'birthdate',
  'agreement',
  'single_checkbox',
] as const;
type FieldType = (typeof FIELD_TYPES)[number];

export interface PersonalizationField {
  /** Names the answer. */
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly helperText?: string;
  readonly isRequired: boolean;
  /** Only with the two choices. */
  readonly choices?: readonly string[];
}

/** Fields of an event, and their choices: a form that a person still fills in. */
export const FIELDS_MAX = 20;
export const CHOICES_MAX = 50;
/** Of one answer; all of them together stay far below an item's 400 KB. */
const ANSWER_CHARACTERS_MAX = 1_000;

export type Answer = string | number | boolean | readonly string[];
export type Answers = Readonly<Record<string, Answer>>;

/** Answers are missing that have to be there. */
export const isPending = (
  fields: readonly PersonalizationField[],
  answers: Answers | undefined,
): boolean => fields.some(({ name, isRequired }) => isRequired && answers?.[name] === undefined);

/** Everything wrong with the answers, at once; never repeats one. */
export function findAnswerFaults(
  fields: readonly PersonalizationField[],
  answers: Readonly<Record<string, unknown>>,
  at: string,
): readonly Fault[] {
  const names = new Set(fields.map(({ name }) => name));
  const unknown = Object.keys(answers).filter((name) => !names.has(name));
  return [
    ...unknown.map((name) => ({
      pointer: `${at}/${name}`,
      detail: 'is not a field of this event',
    })),
    ...fields.flatMap((field): Fault[] => {
      const detail = findAnswerFault(field, answers[field.name]);
      return detail === undefined ? [] : [{ pointer: `${at}/${field.name}`, detail }];
    }),
  ];
}

function findAnswerFault(field: PersonalizationField, answer: unknown): string | undefined {
  if (answer === undefined || answer === null || answer === '') {
    return field.isRequired ? 'is required' : undefined;
  }
  const { choices = [] } = field;
  switch (field.type) {
    case 'multi_choice':
      return Array.isArray(answer) &&
        answer.every((one) => typeof one === 'string' && choices.includes(one))
        ? undefined
        : 'must be a list of the choices';
    case 'single_choice':
      return typeof answer === 'string' && choices.includes(answer)
        ? undefined
        : 'must be one of the choices';
    case 'agreement':
      if (typeof answer !== 'boolean') return 'must be true or false';
      return field.isRequired && !answer ? 'must be agreed to' : undefined;
    case 'single_checkbox':
      return typeof answer === 'boolean' ? undefined : 'must be true or false';
    case 'number':
      return Number.isFinite(Number(answer)) && typeof answer !== 'boolean'
        ? undefined
        : 'must be a number';
    case 'text':
    case 'textarea':
    case 'date':
    case 'time':
    case 'datetime':
    case 'url':
    case 'email':
    case 'phone':
    case 'birthdate':
      return findTextFault(field.type, answer);
  }
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const FORMS: Readonly<Partial<Record<FieldType, RegExp>>> = {
  date: DATE,
  birthdate: DATE,
  time: /^\d{2}:\d{2}(?::\d{2})?$/,
  datetime: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/,
  url: /^https?:\/\/\S+$/i,
  email: /^[^\s@]+@[^\s@]+$/,
  phone: /^[+()\d\s./-]{3,40}$/,
};

function findTextFault(type: FieldType, answer: unknown): string | undefined {
  if (typeof answer !== 'string') return 'must be text';
  if (answer.length > ANSWER_CHARACTERS_MAX) {
    return `must have at most ${ANSWER_CHARACTERS_MAX} characters`;
  }
  return FORMS[type]?.test(answer) === false ? `must be a ${type}` : undefined;
}
