// Plays the story step by step and stops at the first answer that differs from what is expected.
import type { Api } from '../api.ts';
import { EXCHANGE_STEPS } from './exchange-steps.ts';
import { findFaults } from './expected.ts';
import { IMPORT_STEPS } from './import-steps.ts';
import { SALE_STEPS } from './sale-steps.ts';
import { SCAN_STEPS } from './scan-steps.ts';
import { SWAP_STEPS } from './swap-steps.ts';
import { createStory, type Step } from './step.ts';

/** Each capability adds its steps here. */
const STEPS: readonly Step[] = [
  ...IMPORT_STEPS,
  ...SALE_STEPS,
  ...SCAN_STEPS,
  ...SWAP_STEPS,
  ...EXCHANGE_STEPS,
];

export interface TellInput {
  readonly api: Api;
  readonly inboxUrl: string;
  readonly organizerKey: string;
  readonly print: (line: string) => void;
}

/** Long bodies are shown by their beginning. */
const SHOWN_CHARACTERS_MAX = 400;

/** False at the first wrong answer. */
export async function tellStory({ print, ...given }: TellInput, steps = STEPS): Promise<boolean> {
  const story = createStory(given);
  for (const [index, step] of steps.entries()) {
    const { status, body } = await step.ask(story);
    const faults = [
      ...(status === step.status ? [] : [`the status is ${status} and not ${step.status}`]),
      ...findFaults(body, step.body(story)),
    ];
    const text = JSON.stringify(body);
    const shown =
      text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)} …`;
    print(`${String(index + 1).padStart(2)}. ${step.title}\n    ${status} ${shown}`);
    if (faults.length > 0) {
      print(['    WRONG:', ...faults].join('\n      '));
      return false;
    }
    step.learn?.(story, body as Record<string, unknown>);
  }
  print(`\nAll ${steps.length} answers were right.`);
  return true;
}
