// Whose rows they are. A row of somebody who was erased is imported without what says so: an import never brings an
// erased person back, whether its file is old or new.
import { toContactId } from '../../domain/contact.ts';
import type { Mapping } from '../../domain/imports/import.ts';
import { findAddresses, redactCells } from '../../domain/imports/redact.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { ErasureStore } from '../erasure-ports.ts';

export interface PersonsDeps {
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly erasures: Pick<ErasureStore, 'listErased'>;
}

export interface Persons {
  /** The row as it may be kept. */
  readonly redact: (cells: readonly string[]) => {
    readonly cells: readonly string[];
    readonly isErased: boolean;
  };
  /** The contact whose address stands in the row, first of several; also if there is no such contact. */
  readonly toContactId: (cells: readonly string[]) => string | undefined;
}

/** As of now: whoever is erased later is found by what the rows leave. */
export async function loadPersons(
  deps: PersonsDeps,
  {
    organizationId,
    mapping,
  }: { readonly organizationId: string; readonly mapping: Pick<Mapping, 'columns'> },
): Promise<Persons> {
  const [secret, erased] = await Promise.all([
    deps.contacts.loadSecret(organizationId),
    deps.erasures.listErased(organizationId),
  ]);
  const isErased = (cells: readonly string[]): boolean =>
    erased.size > 0 &&
    findAddresses(cells).some((address) => erased.has(toContactId(address, secret)));
  return {
    redact: (cells) =>
      isErased(cells)
        ? { cells: redactCells(cells, mapping), isErased: true }
        : { cells, isErased: false },
    toContactId(cells) {
      const [address] = findAddresses(cells);
      return address === undefined ? undefined : toContactId(address, secret);
    },
  };
}
