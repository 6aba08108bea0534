// What the operator's command line is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createOrganization } from '../../app/manage-organization.ts';
import { createKey, type KeyWithSecret } from '../../app/manage-keys.ts';
import type { LANGUAGES } from '../../domain/organization.ts';
import { type Result, refuse } from '../../domain/result.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createKeyStore, createOrganizationStore } from '../../table/organization-store.ts';
import { readEnv } from '../env.ts';

export interface Admin {
  /** Makes an organization and its first organizer key. */
  readonly createOrganization: (input: {
    readonly name: string;
    readonly language?: (typeof LANGUAGES)[number];
  }) => Promise<Result<KeyWithSecret>>;
  /** Makes another organizer key, for an organization that lost all of its own. */
  readonly createOrganizerKey: (organizationId: string) => Promise<Result<KeyWithSecret>>;
}

export function createAdminContainer(env: NodeJS.ProcessEnv, bare = new DynamoDBClient({})): Admin {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const deps = {
    organizations: createOrganizationStore(access),
    keys: createKeyStore(access),
    events: createEventStore(access),
  };
  return {
    createOrganization: ({ name, language = 'en' }) =>
      createOrganization(deps, { name, language, nowMs: Date.now() }),
    createOrganizerKey: async (organizationId) => {
      if ((await deps.organizations.find(organizationId)) === undefined) return refuse('not_found');
      const key = { scope: 'organizer', name: 'made by an operator' } as const;
      return createKey(deps, { organizationId, nowMs: Date.now(), key });
    },
  };
}
