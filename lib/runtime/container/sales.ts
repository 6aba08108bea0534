// What sales at marketplaces are sold, canceled and compared with: shared by the functions that do it.
import type { FindBuyerDeps } from '../../app/notices/find-buyer.ts';
import { createFindBuyer } from '../../app/notices/find-buyer.ts';
import { toNewId } from '../../app/ids.ts';
import type { SaleReader } from '../../app/notice-ports.ts';
import { NOTICE_FORMATS } from '../../marketplaces/notice-formats.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createErasureStore } from '../../table/erasure-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createHoldStore } from '../../table/hold-store.ts';
import { createListingStore } from '../../table/listing-store.ts';
import { createLooseHoldStore } from '../../table/loose-hold-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createOrganizationStore } from '../../table/organization-store.ts';
import { createPayloadStore } from '../../table/payload-store.ts';
import { createSaleStore } from '../../table/sale-store.ts';
import { createSealer } from '../../table/sealer.ts';
import type { TableAccess } from '../../table/table-access.ts';

export function createSaleDeps(access: TableAccess, reader: SaleReader) {
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  const contacts = createContactStore(access);
  const buyers: FindBuyerDeps = {
    contacts,
    erasures: createErasureStore(access, toOutboxId),
    payloads: createPayloadStore(access),
    sealer: createSealer(access),
    formats: NOTICE_FORMATS,
    reader,
  };
  return {
    sales: createSaleStore(access, toOutboxId),
    listings: createListingStore(access, toOutboxId),
    holds: createHoldStore(access, toOutboxId),
    looseHolds: createLooseHoldStore(access),
    events: createEventStore(access),
    orders: createOrderStore(access, toOutboxId),
    contacts,
    organizations: createOrganizationStore(access),
    channels: createChannelStore(access),
    findBuyer: createFindBuyer(buyers),
  };
}
