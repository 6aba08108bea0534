// Who bought, unless the person was erased since it was told: no repeat of an old message brings anybody back
// (product.md section 11).
import { toContactId } from '../../domain/contact.ts';
import type { Notice, NoticeBuyer } from '../../domain/marketplaces/notice.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { ErasureStore } from '../erasure-ports.ts';

export interface KnownBuyerDeps {
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly erasures: Pick<ErasureStore, 'find'>;
}

interface Told {
  readonly organizationId: string;
  readonly toldAtMs: number;
}

export interface KnownBuyer {
  readonly buyer: NoticeBuyer | undefined;
  /** Undefined without an address. */
  readonly contactId?: string;
}

export async function toKnownBuyer(
  { contacts, erasures }: KnownBuyerDeps,
  buyer: NoticeBuyer | undefined,
  { organizationId, toldAtMs }: Told,
): Promise<KnownBuyer> {
  if (buyer?.email === undefined) return { buyer };
  const contactId = toContactId(buyer.email, await contacts.loadSecret(organizationId));
  const erasure = await erasures.find({ organizationId, contactId });
  const isErased = erasure !== undefined && erasure.erasedAtMs >= toldAtMs;
  return isErased ? { buyer: undefined } : { buyer, contactId };
}

interface KnownNotices {
  readonly notices: readonly Notice[];
  readonly contactIds: readonly string[];
  /** Somebody who was erased stands in the delivery. */
  readonly isCut: boolean;
}

export async function toKnownNotices(
  deps: KnownBuyerDeps,
  notices: readonly Notice[],
  told: Told,
): Promise<KnownNotices> {
  const known: Notice[] = [];
  const contactIds = new Set<string>();
  for (const notice of notices) {
    const { buyer, ...nameless } = { buyer: undefined, ...notice };
    const { contactId, ...found } = await toKnownBuyer(deps, buyer, told);
    known.push(found.buyer === buyer ? notice : nameless);
    if (contactId !== undefined) contactIds.add(contactId);
  }
  return {
    notices: known,
    contactIds: [...contactIds],
    isCut: known.some((notice, at) => notice !== notices[at]),
  };
}
