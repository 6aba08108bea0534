// What marketplaces tell of sales in their own words, at the address of their channel. The paths are ours: each is told
// its own at the set-up. A body is read only to answer whether it is one; what it says is worked off from a queue.
import * as z from 'zod';
import { takeNativeNotice, type TakeNoticeDeps } from '../../../app/notices/take-notice.ts';
import type { NoticeFormats } from '../../../app/notice-ports.ts';
import type { Marketplace } from '../../../domain/access.ts';
import type { Refusal } from '../../../domain/refusals.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type AnyRoute, type Contract, defineRoute, type VendorErrors } from '../../contract.ts';
import { $Channel, HOOKS, toAsking } from './shared.ts';
import { TICKET_EVOLUTION_ERRORS } from './ticket-evolution.ts';

export type NativeNoticeDeps = TakeNoticeDeps & { readonly formats: NoticeFormats };

const BAD_REQUEST = { validation_failed: 400 } as const;

/** As its own API tells of errors (reference B1). */
const STUBHUB: VendorErrors = {
  name: 'StubHub',
  statuses: BAD_REQUEST,
  properties: { code: 'string', message: 'string' },
  required: ['code', 'message'],
  toBody: (refusal) => ({
    code: refusal.code === 'validation_failed' ? 'invalid_request_body' : refusal.code,
    message: toMessage(refusal),
  }),
};
/** How SeatGeek, Gametime and TicketNetwork would tell of an error isn't public: this form is ours. */
const PLAIN: VendorErrors = {
  name: 'Webhook',
  statuses: BAD_REQUEST,
  properties: { error: 'string', message: 'string' },
  required: ['error', 'message'],
  toBody: (refusal) => ({ error: refusal.code, message: toMessage(refusal) }),
};
const TICKET_EVOLUTION = { ...TICKET_EVOLUTION_ERRORS, statuses: BAD_REQUEST };

function toMessage({ code, detail, errors }: Refusal): string {
  const faults = errors?.map(({ pointer, detail: fault }) => `${pointer} ${fault}`).join('; ');
  return faults ?? detail ?? code.replaceAll('_', ' ');
}

export const notificationRoutes = [
  toRoute({
    marketplace: 'stubhub',
    operationId: 'stubhubWebhook',
    path: 'stubhub/webhooks',
    summary: "Take StubHub's or viagogo's webhooks.",
    vendorErrors: STUBHUB,
  }),
  toRoute({
    marketplace: 'seatgeek',
    operationId: 'seatgeekWebhook',
    path: 'seatgeek/webhooks',
    summary: "Take SeatGeek's webhooks, several messages in one.",
    vendorErrors: PLAIN,
  }),
  toRoute({
    marketplace: 'gametime',
    operationId: 'gametimePurchase',
    path: 'gametime/purchases',
    isClassicOnly: true,
    summary: "Take Gametime's purchases, in its classic flow.",
    vendorErrors: PLAIN,
  }),
  toRoute({
    marketplace: 'ticket-evolution',
    operationId: 'ticketEvolutionNotification',
    path: 'ticket-evolution/notifications',
    isClassicOnly: true,
    summary: "Take Ticket Evolution's order notifications (a form), in its classic flow.",
    vendorErrors: TICKET_EVOLUTION,
  }),
  toRoute({
    marketplace: 'ticketnetwork',
    operationId: 'ticketnetworkWebhook',
    path: 'ticketnetwork/webhooks',
    summary: "Take TicketNetwork's webhooks, several notifications in one.",
    vendorErrors: PLAIN,
  }),
];

interface Settings extends Pick<Contract, 'operationId' | 'summary'> {
  readonly marketplace: Marketplace;
  /** Behind the channel's address. */
  readonly path: string;
  /** Channels of other flows have no such path: nobody could read what comes there. */
  readonly isClassicOnly?: true;
  readonly vendorErrors: VendorErrors;
}

function toRoute({
  marketplace,
  path,
  isClassicOnly,
  ...own
}: Settings): AnyRoute<NativeNoticeDeps> {
  const contract = {
    ...HOOKS,
    ...own,
    method: 'POST',
    path: `/hooks/{channelId}/${path}`,
    params: z.object($Channel),
    success: 202,
    response: z.object({ status: z.literal('ACCEPTED') }),
    refusals: ['not_found', 'body_too_large'],
    replays: 'harmless',
  } as const satisfies Contract;
  return defineRoute(contract, async (deps: NativeNoticeDeps, { actor, text, nowMs }) => {
    const asking = toAsking(actor, nowMs, [marketplace]);
    if (!asking.ok) return asking;
    if (isClassicOnly === true && actor.isClassic !== true) return refuse('not_found');
    const taken = await takeNativeNotice(deps, { ...asking.value, text });
    return taken.ok ? ok({ status: 'ACCEPTED' as const }) : taken;
  });
}
