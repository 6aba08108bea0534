import { describe, expect, it } from 'vitest';
import {
  account,
  endPass,
  findStayReason,
  toUndoStart,
  type UndoState,
} from '../../../lib/domain/imports/undo.ts';
import type { Ticket } from '../../../lib/domain/ticket.ts';

const NOW_MS = 1_000;
const aFree = { standing: 'ACTIVE', origin: 'IMPORTED', admissions: 0 } as const;

describe('an imported ticket', () => {
  it.each<[Partial<Ticket>, ReturnType<typeof findStayReason>]>([
    [{}, undefined],
    [{ standing: 'BLOCKED' }, undefined],
    [{ heldUntilMs: NOW_MS }, undefined],
    [{ heldUntilMs: NOW_MS + 1 }, 'held'],
    [{ admissions: 1 }, 'admitted'],
    [{ standing: 'BLOCKED', admissions: 1 }, 'admitted'],
    [{ origin: 'SOLD' }, 'sold'],
    [{ origin: 'SWAP' }, 'sold'],
    [{ standing: 'SWAPPED' }, 'swapped'],
    [{ standing: 'REPLACED' }, 'replaced'],
    [{ standing: 'CANCELED' }, 'canceled'],
    [{ reissues: 1 }, 'replaced'],
    [{ standing: 'BLOCKED', reissues: 1 }, 'replaced'],
  ])('%j stays because of %s', (overrides, reason) =>
    expect(findStayReason({ ...aFree, ...overrides }, NOW_MS)).toBe(reason),
  );
});

describe('the account', () => {
  const met = (undo: UndoState, gone: number, stayed: number) =>
    account(undo, {
      row: 10,
      gone,
      reasons: Array.from({ length: stayed }, () => 'held' as const),
    });

  it('ends when every ticket that is left was met', () => {
    expect(endPass(met(toUndoStart(3, undefined), 3, 0), 0)).toMatchObject({ as: 'UNDONE' });
    const partly = endPass(met(toUndoStart(3, undefined), 1, 2), 0);
    expect(partly).toMatchObject({ as: 'UNDONE_PARTLY', undo: { left: 2, reasons: { held: 2 } } });
  });

  it('takes off what was deleted one by one, once', () => {
    const first = endPass(met(toUndoStart(5, undefined), 2, 1), 2);
    expect(first).toMatchObject({ as: 'UNDONE_PARTLY', undo: { left: 1, deleted: 2 } });
    expect(endPass(met(toUndoStart(5, first.undo), 1, 0), 2)).toMatchObject({
      as: 'UNDONE',
      undo: { left: 0 },
    });
  });

  it('passes again when tickets were not met, and ends with what it knows after ten passes', () => {
    let end = endPass(met(toUndoStart(3, undefined), 1, 1), 0);
    expect(end).toMatchObject({ as: 'again', undo: { row: 0, left: 2, stayed: 0, pass: 2 } });
    let passes = 1;
    for (; end.as === 'again'; passes += 1) end = endPass(met(end.undo, 0, 1), 0);
    expect(passes).toBe(10);
    expect(end).toMatchObject({ as: 'UNDONE_PARTLY', undo: { left: 2, stayed: 2 } });
  });
});
