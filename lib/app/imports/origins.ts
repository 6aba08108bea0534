// Origins of rows: whether the organization that a cell names has signed it for this very barcode. Verified once when the
// file is looked at, which warns, and again for the ticket that is written: a fix makes another barcode of it.
import pMap from 'p-map';
import { isOriginToken, type Origin, parseOriginToken } from '../../domain/links/origin-token.ts';
import type { ImportIds, Warning } from '../../domain/imports/import.ts';
import type { ImportRunStore } from '../import-ports.ts';
import type { LinkStore } from '../link-ports.ts';
import type { Draft } from './chunk-entries.ts';

export interface OriginDeps {
  readonly links: Pick<LinkStore, 'findSecret'>;
}

interface OriginCell {
  readonly barcode: string;
  readonly origin?: string;
}

export interface Origins {
  /** Undefined without a cell, for one that isn't genuine, and for a ticket of this same organization. */
  readonly verify: (cell: OriginCell) => Promise<Origin | undefined>;
}

/** Organizations named in one file: each is a read, and a file may name any. */
const ORGANIZATIONS_MAX = 100;

export function createOrigins({ links }: OriginDeps, organizationId: string): Origins {
  const secrets = new Map<string, Promise<string | undefined>>();
  const findSecret = async (named: string): Promise<string | undefined> => {
    const known = secrets.get(named);
    if (known !== undefined) return known;
    if (secrets.size === ORGANIZATIONS_MAX) return undefined;
    const found = links.findSecret(named);
    secrets.set(named, found);
    return found;
  };
  return {
    async verify({ barcode, origin: cell }) {
      const origin = cell === undefined ? undefined : parseOriginToken(cell);
      if (cell === undefined || origin === undefined) return undefined;
      if (origin.organizationId === organizationId) return undefined;
      const secret = await findSecret(origin.organizationId);
      if (secret === undefined) return undefined;
      return isOriginToken(cell, { ...origin, barcode }, secret) ? origin : undefined;
    },
  };
}

/** Before their chunk is booked: its repeat finds the links that are there already. */
export async function linkTickets(
  {
    run,
    clock,
  }: { readonly run: Pick<ImportRunStore, 'link' | 'parallel'>; readonly clock: () => number },
  {
    current: { organizationId },
    origins,
  }: { readonly current: ImportIds; readonly origins: Origins },
  made: readonly Pick<Draft, 'draft' | 'eventTicketId'>[],
): Promise<void> {
  await pMap(
    made.filter(({ draft }) => draft.origin !== undefined),
    async ({ draft, eventTicketId }) => {
      const origin = await origins.verify(draft);
      if (origin === undefined) return;
      await run.link({ organizationId, eventTicketId, barcode: draft.barcode }, origin, clock());
    },
    { concurrency: run.parallel },
  );
}

/** Origins that are shown of those that could not be verified. */
const EXAMPLES_MAX = 3;
const EXAMPLE_CHARACTERS_MAX = 128;

/** Counts origins that are not genuine: their rows are imported without a link. */
export function createOriginCount(
  origins: Origins,
  { barcode, origin }: Readonly<Record<'barcode' | 'origin', number | undefined>>,
) {
  const examples: string[] = [];
  let count = 0;
  return {
    async add(cells: readonly string[]): Promise<void> {
      const cell = (origin === undefined ? '' : (cells[origin] ?? '')).trim();
      if (cell === '') return;
      const code = barcode === undefined ? '' : (cells[barcode] ?? '');
      if ((await origins.verify({ barcode: code, origin: cell })) !== undefined) return;
      count += 1;
      if (examples.length < EXAMPLES_MAX) examples.push(cell.slice(0, EXAMPLE_CHARACTERS_MAX));
    },
    toWarnings: (): Warning[] =>
      count === 0 ? [] : [{ code: 'originNotVerified', column: origin ?? 0, count, examples }],
  };
}
