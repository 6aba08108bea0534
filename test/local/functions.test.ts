import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import {
  createInvoke,
  FunctionTimeout,
  loadFunctions,
  toFunctionsEnvironment,
} from '../../lib/local/functions.ts';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SPEC = {
  functionName: 'one',
  entry: 'functions/http/public.ts',
  timeoutMs: 5000,
  memoryMb: 256,
  environment: { TABLE_NAME: 't' },
};

describe('a function of the template', () => {
  it('is called with a context of Lambda', async () => {
    const invoke = createInvoke(SPEC, (event, context: Context) => ({
      event,
      name: context.functionName,
      memory: context.memoryLimitInMB,
      hasTime:
        context.getRemainingTimeInMillis() > 4000 && context.getRemainingTimeInMillis() <= 5000,
    }));
    expect(await invoke({ a: 1 })).toEqual({
      event: { a: 1 },
      name: 'one',
      memory: '256',
      hasTime: true,
    });
  });

  it('fails when it throws or takes longer than its timeout', async () => {
    const thrown = createInvoke(SPEC, () => {
      throw new TypeError('no');
    });
    await expect(thrown({})).rejects.toThrow(TypeError);
    const late = createInvoke({ ...SPEC, timeoutMs: 20 }, () => new Promise(() => undefined));
    await expect(late({})).rejects.toThrow(FunctionTimeout);
  });

  it('is loaded from its entry file', async () => {
    const functions = await loadFunctions([SPEC], ROOT);
    const answer = await functions('one')({
      routeKey: 'GET /v1/health',
      headers: {},
      requestContext: { requestId: 'r' },
    });
    expect(answer).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
    expect(() => functions('two')).toThrow(/two has no entry file/);
  });

  it('shares one environment with the others, where one name has one value', () => {
    const other = {
      ...SPEC,
      functionName: 'two',
      environment: { TABLE_NAME: 't', UPLOADS_BUCKET: 'b' },
    };
    expect(toFunctionsEnvironment([SPEC, other])).toEqual({ TABLE_NAME: 't', UPLOADS_BUCKET: 'b' });
    const contrary = { ...SPEC, functionName: 'three', environment: { TABLE_NAME: 'u' } };
    expect(() => toFunctionsEnvironment([SPEC, contrary])).toThrow(/TABLE_NAME has two values/);
  });
});
