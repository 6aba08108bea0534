// The upload of an import's file, and the wait for what comes of it.
import { setTimeout as delay } from 'node:timers/promises';
import { type Answer, type Api, readAnswer } from './api.ts';

export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Sends the presigned POST form; the file has to be its last field. */
export async function uploadFile(
  { url, fields }: UploadForm,
  fileName: string,
  text: string,
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([text], { type: 'text/csv' }), fileName);
  return readAnswer(await fetch(url, { method: 'POST', body: form }));
}

const POLL_MS = 100;
const WAIT_MS_MAX = 60_000;

export interface Wait {
  readonly path: string;
  readonly key?: string;
  /** Anything else is the answer, a refusal too. */
  readonly isUnderWay: (answer: Answer) => boolean;
}

/** Asks again while something is under way; after a minute, answers what was said last. */
export async function awaitAnswer(
  api: Api,
  { path, isUnderWay, ...question }: Wait,
): Promise<Answer> {
  for (const deadline = Date.now() + WAIT_MS_MAX; ;) {
    const answer = await api('GET', path, question);
    if (!isUnderWay(answer) || Date.now() > deadline) return answer;
    await delay(POLL_MS);
  }
}

const fieldOf = ({ body }: Answer, name: string): unknown =>
  (body as Record<string, unknown> | null)?.[name];

export const isAwaitingAnalysis = (answer: Answer): boolean =>
  fieldOf(answer, 'status') === 'AWAITING_UPLOAD';

/** Of an import that was started, or starts by itself. */
export const isAwaitingEnd = (answer: Answer): boolean =>
  ['AWAITING_UPLOAD', 'ANALYZED', 'RUNNING'].includes(String(fieldOf(answer, 'status')));

export const isAwaitingReport = (answer: Answer): boolean =>
  fieldOf(answer, 'code') === 'report_not_ready';
