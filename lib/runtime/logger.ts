// Structured lines on standard output. On Lambda the JSON log format adds time, level and request id to them.
import type { LogFields, Logger } from '../app/ports.ts';

const toLine = (message: string, { error, ...fields }: LogFields): string =>
  JSON.stringify({
    message,
    ...fields,
    ...(error === undefined ? {} : { error: toErrorFields(error) }),
  });

/** Name and stack of our own errors; AWS messages may carry item text, so only their name and origin are kept. */
function toErrorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const isOurs = !('$metadata' in error);
  const trace = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name: error.name,
    ...(isOurs && error.name === 'AssertionError' ? { message: error.message } : {}),
    trace,
  };
}

export function createLogger(write = { info: console.info, error: console.error }): Logger {
  return {
    info: (message, fields = {}) => write.info(toLine(message, fields)),
    error: (message, fields = {}) => write.error(toLine(message, fields)),
  };
}
