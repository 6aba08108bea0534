// Texts sealed under the secret of an organization, by those who know nothing but its id.
import type { Sealer } from '../app/notice-ports.ts';
import { loadSecret } from './organization-secret.ts';
import { openSealed, seal } from './seal.ts';
import type { TableAccess } from './table-access.ts';

export const createSealer = (access: TableAccess): Sealer => ({
  seal: async (organizationId, text) => seal(text, await loadSecret(access, organizationId)),
  open: async (organizationId, sealed) =>
    openSealed(sealed, await loadSecret(access, organizationId)),
});
