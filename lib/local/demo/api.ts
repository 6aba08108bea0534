// The demo's way to the API: plain HTTP requests, as a client would make them.

export interface Answer {
  readonly status: number;
  /** Parsed when it is JSON, else the text. */
  readonly body: unknown;
}

export interface Question {
  readonly key?: string;
  readonly body?: unknown;
}

export type Api = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH',
  path: string,
  question?: Question,
) => Promise<Answer>;

/** Longer than API Gateway waits for a function. */
const ANSWER_MS_MAX = 35_000;

export function createApi(baseUrl: string): Api {
  return async (method, path, { key, body } = {}) => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    return readAnswer(response);
  };
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}
