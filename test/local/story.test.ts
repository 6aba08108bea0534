import { describe, expect, it } from 'vitest';
import { toBarcodes } from '../../lib/local/demo/greeting.ts';
import { aText, containing, findFaults, including } from '../../lib/local/demo/story/expected.ts';
import type { Step } from '../../lib/local/demo/story/step.ts';
import { tellStory } from '../../lib/local/demo/story/tell.ts';

describe('what the story expects of an answer', () => {
  const expected = { outcome: 'REFUSED', at: aText, list: [1, 2], more: including({ a: 1 }) };
  const right = { outcome: 'REFUSED', at: 'now', list: [1, 2], more: { a: 1, b: 2 } };

  it('is met by the right one', () => {
    expect(findFaults(right, expected)).toEqual([]);
  });

  it.each([
    [
      'another value',
      { ...right, outcome: 'ADMITTED' },
      'body.outcome is "ADMITTED" and not "REFUSED"',
    ],
    ['a field too many', { ...right, extra: 1 }, 'body.extra is 1 and not absent'],
    ['a missing field', { ...right, at: undefined }, 'body.at is absent and not a text'],
    ['a longer list', { ...right, list: [1, 2, 3] }, 'body.list is [1,2,3] and not a list of 2'],
    ['a wrong field further down', { ...right, more: { a: 2 } }, 'body.more.a is 2 and not 1'],
  ])('is not met by %s', (_name, actual, fault) => {
    expect(findFaults(actual, expected)).toEqual([fault]);
  });

  it('finds an item in a list', () => {
    expect(findFaults([{ a: 1 }, { a: 2, b: 3 }], containing(including({ a: 2 })))).toEqual([]);
    expect(findFaults([{ a: 1 }], containing({ a: 2 }))).toHaveLength(1);
  });
});

describe('the story', () => {
  const step = (status: number, value: unknown): Step => ({
    title: 'a step',
    ask: async () => ({ status, body: { value } }),
    status: 200,
    body: () => ({ value: 1 }),
  });
  const tell = async (...steps: Step[]) => {
    const lines: string[] = [];
    const api = () => Promise.reject(new Error('not used'));
    const isRight = await tellStory(
      {
        api,
        inboxUrl: 'http://inbox.example',
        organizerKey: 'k',
        print: (line) => void lines.push(line),
      },
      steps,
    );
    return { isRight, text: lines.join('\n') };
  };

  it('ends well when every answer is right', async () => {
    const { isRight, text } = await tell(step(200, 1), step(200, 1));
    expect([isRight, text]).toEqual([true, expect.stringContaining('All 2 answers were right.')]);
  });

  it.each([
    ['status', step(500, 1), 'the status is 500 and not 200'],
    ['body', step(200, 2), 'body.value is 2 and not 1'],
  ])('ends at the first wrong %s', async (_name, wrong, fault) => {
    const { isRight, text } = await tell(wrong, step(200, 1));
    expect(isRight).toBe(false);
    expect(text).toContain(fault);
    expect(text).not.toContain(' 2. ');
  });
});

describe('the sample', () => {
  it('gives its barcodes', () => {
    expect(toBarcodes('barcode,name\nA1,x\nB2,y\n')).toEqual(['A1', 'B2']);
  });
});
