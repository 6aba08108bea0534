// The links queue: barcodes that other organizations have to follow, and admissions that they have to know.
import { type FollowDeps, followLinks } from '../app/links/follow-link.ts';
import { tellAdmission } from '../app/links/tell-admission.ts';
import { $OutboxMessage } from '../app/outbox-ports.ts';
import type { Logger } from '../app/ports.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

export type LinkWorkerDeps = FollowDeps & { readonly logger: Logger };

export const createLinkWorker = (deps: LinkWorkerDeps): BatchHandler =>
  createBatchHandler(async (body) => {
    const { data: message } = $OutboxMessage.safeParse(body);
    if (message?.type === 'link.follow') return followLinks(deps, message);
    if (message?.type === 'link.admitted') return tellAdmission(deps, message);
    throw new MalformedRecordError('not a message of this queue');
  }, deps.logger);
