// What the door tells about a scan: outcome, reason, the ticket, and the scan before.
import type { DoorSettings, ScanDecision, ScanReason } from '../domain/scan.ts';
import type { Admission, Origin, Ticket } from '../domain/ticket.ts';

export interface TicketDetails {
  readonly eventTicketId: number;
  readonly ticketTypeId: number;
  readonly ticketTypeName: string;
  readonly holderName: string;
  readonly origin: Origin;
}

export interface PreviousScan {
  readonly at: string;
  readonly deviceId: string;
  readonly gateId?: string;
}

export interface ScanAnswer {
  readonly outcome: 'ADMITTED' | 'EXITED' | 'VALID' | 'REFUSED';
  readonly reason?: ScanReason;
  readonly repeated: boolean;
  readonly attention?: 'BALANCE_DUE';
  readonly ticket?: TicketDetails;
  readonly previous?: PreviousScan;
}

/** A ticket of another event is not told. */
export function toAnswer(
  ticket: Ticket | undefined,
  decision: ScanDecision,
  settings: DoorSettings,
): ScanAnswer {
  const own = ticket?.eventId === settings.eventId ? ticket : undefined;
  const details = own === undefined ? {} : { ticket: toTicketDetails(own, settings) };
  if (!decision.pass) {
    const { reason, repeated } = decision;
    const last = own?.lastAdmission;
    const previous = last === undefined ? {} : { previous: toPreviousScan(last) };
    return { outcome: 'REFUSED', reason, repeated, ...details, ...previous };
  }
  return {
    outcome: decision.direction === 'entry' ? 'ADMITTED' : 'EXITED',
    repeated: decision.repeated,
    ...(decision.balanceDue ? { attention: 'BALANCE_DUE' } : {}),
    ...details,
  };
}

/** Of a resold ticket the name is the seller's, and whoever stands at the door is somebody else. */
export const toTicketDetails = (ticket: Ticket, settings: DoorSettings): TicketDetails => ({
  eventTicketId: ticket.eventTicketId,
  ticketTypeId: ticket.ticketTypeId,
  ticketTypeName: settings.typeNames.get(ticket.ticketTypeId) ?? '',
  holderName: ticket.standing === 'SWAPPED' ? '' : (ticket.holderName ?? ''),
  origin: ticket.origin,
});

export function toPreviousScan({ atMs, deviceId, gateId }: Admission): PreviousScan {
  const at = new Date(atMs).toISOString();
  return { at, deviceId, ...(gateId === undefined ? {} : { gateId }) };
}
