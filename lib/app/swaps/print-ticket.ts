// The PDF of a ticket by the address that TicketSwap got: made when it is asked for, and gone with the next swap or
// reissue and with the end of the event.
import { toSymbology } from '../../domain/event.ts';
import { toMoneyText } from '../../domain/formats.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { isPdfToken, parsePdfToken } from '../../domain/swaps/pdf-token.ts';
import { isOver } from '../../domain/swaps/resale.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { PrintTickets } from '../ticket-pdf-ports.ts';
import type { TicketStore } from '../ticket-ports.ts';
import { type ResaleDeps, type ResaleView, toView } from './load-resale.ts';

export interface PrintDeps extends ResaleDeps {
  readonly tickets: Pick<TicketStore, 'find'>;
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly printTickets: PrintTickets;
}

/** Refuses `not_found`, whatever the reason. */
export async function printTicket(
  deps: PrintDeps,
  { token, nowMs }: { readonly token: string; readonly nowMs: number },
): Promise<Result<Uint8Array>> {
  const ids = parsePdfToken(token);
  if (ids === undefined) return refuse('not_found');
  const ticket = await deps.tickets.find(ids.organizationId, ids.eventTicketId);
  if (ticket === undefined) return refuse('not_found');
  const secret = await deps.contacts.loadSecret(ids.organizationId);
  if (!isPdfToken(token, ticket, secret)) return refuse('not_found');
  const view = await toView(deps, ticket, nowMs);
  if (view === undefined || !isPrintable(view, nowMs)) return refuse('not_found');
  return ok(await print(deps, view));
}

const isPrintable = ({ ticket, event, isPersonalizationPending }: ResaleView, nowMs: number) =>
  (ticket.standing === 'ACTIVE' || ticket.standing === 'BLOCKED') &&
  ticket.payment !== 'NOTHING' &&
  !isOver(event, nowMs) &&
  !isPersonalizationPending;

const print = (
  { printTickets }: PrintDeps,
  { ticket, event, type, organization, price }: ResaleView,
): Promise<Uint8Array> =>
  printTickets({
    language: organization.language,
    createdAt: new Date(ticket.createdAtMs),
    tickets: [
      {
        eventName: event.name,
        startsAt: event.startsAt,
        timezone: event.timezone,
        ticketTypeName: type.name,
        holderName: ticket.holderName,
        barcode: ticket.barcode,
        symbology: toSymbology(event),
        section: ticket.section,
        row: ticket.row,
        seat: ticket.seat,
        orderId: ticket.orderId ?? ticket.eventTicketId,
        eventTicketId: ticket.eventTicketId,
        priceText: toMoneyText(
          price.priceMinor + price.feeMinor,
          event.currency,
          organization.language,
        ),
      },
    ],
  });
