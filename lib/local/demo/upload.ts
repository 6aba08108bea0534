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
  readonly key: string;
  readonly isDone: (answer: Answer) => boolean;
}

/** Asks until the answer is the awaited one; after a minute, or at any refusal, answers what was said last. */
export async function awaitAnswer(api: Api, { path, key, isDone }: Wait): Promise<Answer> {
  for (const deadline = Date.now() + WAIT_MS_MAX; ;) {
    const answer = await api('GET', path, { key });
    if (isDone(answer) || answer.status >= 400 || Date.now() > deadline) return answer;
    await delay(POLL_MS);
  }
}

const UNDER_WAY = new Set(['AWAITING_UPLOAD', 'RUNNING']);

/** True once an import stands still: at its end, or analyzed and not started by itself. */
export const isImportAtRest =
  (autoStart: boolean) =>
  ({ body }: Answer): boolean => {
    const { status } = body as { status: string };
    return !UNDER_WAY.has(status) && !(autoStart && status === 'ANALYZED');
  };
