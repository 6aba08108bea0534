// The barcode export of an event. Our own importer takes the file back unchanged; it comes with warnings, because another
// organization will admit by it.
import {
  EXPORT_HEADER,
  type ExportWarning,
  findExportWarnings,
  isExported,
  toExportCells,
} from '../../domain/barcode-export.ts';
import { present } from '../../domain/assert.ts';
import type { EventExport } from '../../domain/event-export.ts';
import { type Result, ok } from '../../domain/result.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { EventStore } from '../event-ports.ts';
import type { EventIds, EventTicketReader } from '../export-ports.ts';
import type { LinkStore } from '../link-ports.ts';
import type { OrganizationStore } from '../organization-ports.ts';
import {
  findExportUrl,
  type FindUrlDeps,
  requestExport,
  type RequestDeps,
} from './request-export.ts';
import type { FileTable } from './write-file.ts';

interface WarningDeps {
  readonly events: Pick<EventStore, 'find'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly links: Pick<LinkStore, 'isLinked'>;
}
export type RequestBarcodesDeps = RequestDeps & WarningDeps;
export type FindBarcodesDeps = FindUrlDeps & WarningDeps;

interface Warned {
  readonly warnings: readonly ExportWarning[];
}

/** Refuses as `requestExport`. */
export async function requestBarcodeExport(
  deps: RequestBarcodesDeps,
  input: EventIds & { readonly raw: boolean; readonly nowMs: number },
): Promise<Result<Warned & { readonly requested: EventExport }>> {
  const requested = await requestExport(deps, { ...input, content: 'barcodes' });
  if (!requested.ok) return requested;
  return ok({ requested: requested.value, warnings: await loadWarnings(deps, input) });
}

/** Refuses as `findExportUrl`. */
export async function findBarcodeExportUrl(
  deps: FindBarcodesDeps,
  input: EventIds & { readonly nowMs: number },
): Promise<Result<Warned & { readonly url: string }>> {
  const found = await findExportUrl(deps, { ...input, content: 'barcodes' });
  return found.ok ? ok({ ...found.value, warnings: await loadWarnings(deps, input) }) : found;
}

async function loadWarnings(
  deps: WarningDeps,
  { organizationId, eventId }: EventIds,
): Promise<readonly ExportWarning[]> {
  const [organization, found, isLinked] = await Promise.all([
    deps.organizations.find(organizationId),
    deps.events.find(organizationId, eventId),
    deps.links.isLinked({ organizationId, eventId }),
  ]);
  return findExportWarnings({
    organization: present(organization, 'a key has an organization'),
    event: present(found, 'an export has its event').event,
    isLinked,
  });
}

export interface BarcodesDeps {
  readonly events: Pick<EventStore, 'listTicketTypes'>;
  readonly eventTickets: EventTicketReader;
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
}

export const toBarcodesTable = (deps: BarcodesDeps, ids: EventIds): FileTable => ({
  facts: [],
  header: EXPORT_HEADER,
  source: 'barcodes',
  async *read(after) {
    const [types, secret] = await Promise.all([
      deps.events.listTicketTypes(ids.organizationId, ids.eventId),
      deps.contacts.loadSecret(ids.organizationId),
    ]);
    const names = new Map(types.map(({ type }) => [type.ticketTypeId, type.name]));
    for await (const { items, next } of deps.eventTickets.read(ids, after)) {
      const lines = items.filter(isExported).map((ticket) => {
        const ticketTypeName = names.get(ticket.ticketTypeId) ?? '';
        return { facts: [], cells: toExportCells(ticket, { ticketTypeName, secret }) };
      });
      yield { lines, next };
    }
  },
});
