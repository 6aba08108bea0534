// Organizations and keys. What is made or changed under a condition goes through a transaction even when it is a single
// item: its token lets a write whose reply was lost be sent again without failing on itself.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { parse } from 'zod/v4/core';
import type { StoredKey } from '../app/authenticate.ts';
import type { KeyStore, OrganizationStore } from '../app/organization-ports.ts';
import { assert } from '../domain/assert.ts';
import type { Organization } from '../domain/organization.ts';
import { ok, refuse } from '../domain/result.ts';
import { $KeyItem } from './items.ts';
import { $OrganizationItem } from './organization-item.ts';
import { keyKey, keysPartition, organizationKey, organizationSecretKey } from './keys.ts';
import { toStripeKeysWrite } from './stripe-key-store.ts';
import { ABSENT, loadItem, queryAll, type TableAccess } from './table-access.ts';
import { TTL_ATTRIBUTE } from './schema.ts';
import { transact } from './transact.ts';

/** A revoked key is listed this long; then its place counts no more, and an unknown key is refused like a revoked one. */
const REVOKED_SECONDS = 30 * 24 * 3_600;

export function createOrganizationStore(access: TableAccess): OrganizationStore {
  const { client, tableName: TableName } = access;
  const toItem = (organization: Organization) => ({
    ...organizationKey(organization.organizationId),
    kind: 'organization',
    ...organization,
  });
  return {
    async create(organization, secret) {
      const Key = organizationSecretKey(organization.organizationId);
      const Item = { ...Key, kind: 'organizationSecret', secret };
      const { committed } = await transact(client, [
        { as: 'organization', Put: { TableName, Item: toItem(organization), ...ABSENT } },
        { as: 'secret', Put: { TableName, Item, ...ABSENT } },
      ]);
      return committed ? ok(organization) : refuse('already_exists');
    },
    async find(organizationId) {
      const item = await loadItem(access, organizationKey(organizationId), $OrganizationItem);
      if (item === undefined) return undefined;
      const { kind: _kind, ...organization } = item;
      return organization;
    },
    async update(before, after, stripe) {
      const Put = {
        TableName,
        Item: toItem(after),
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: { ':version': before.version },
      };
      const { committed } = await transact(client, [
        { as: 'organization', Put },
        ...(stripe === undefined
          ? []
          : [await toStripeKeysWrite(access, after.organizationId, stripe)]),
      ]);
      return committed ? ok(after) : refuse('precondition_failed');
    },
  };
}

export function createKeyStore(access: TableAccess): KeyStore {
  const { client, tableName: TableName } = access;
  const update = async (
    ids: { readonly organizationId: string; readonly keyId: string },
    expression: {
      readonly set: string;
      readonly condition: string;
      readonly names?: Record<string, string>;
      readonly values: Record<string, string | number>;
    },
  ): Promise<StoredKey | undefined> => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName,
          Key: keyKey(ids.organizationId, ids.keyId),
          UpdateExpression: expression.set,
          ConditionExpression: expression.condition,
          ...(expression.names ? { ExpressionAttributeNames: expression.names } : {}),
          ExpressionAttributeValues: expression.values,
          ReturnValues: 'ALL_NEW',
        }),
      );
      return toKey(Attributes);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };
  return {
    async put(key) {
      const Item = { ...keyKey(key.organizationId, key.keyId), kind: 'key', ...key };
      const { committed } = await transact(client, [
        { as: 'key', Put: { TableName, Item, ...ABSENT } },
      ]);
      assert(committed, 'a new key has an id of its own');
    },
    async find(organizationId, keyId) {
      const item = await loadItem(access, keyKey(organizationId, keyId), $KeyItem);
      return item && toKey(item);
    },
    async list(organizationId) {
      const items = await queryAll(client, {
        TableName,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': keysPartition(organizationId) },
        ConsistentRead: true,
      });
      return items.map(toKey);
    },
    revoke: (organizationId, keyId, at) =>
      update(
        { organizationId, keyId },
        {
          set: 'SET revokedAt = if_not_exists(revokedAt, :at), #ttl = if_not_exists(#ttl, :ttl)',
          condition: 'attribute_exists(pk)',
          names: { '#ttl': TTL_ATTRIBUTE },
          values: { ':at': at, ':ttl': Math.ceil(Date.parse(at) / 1000) + REVOKED_SECONDS },
        },
      ),
    replaceSecret: (organizationId, keyId, secretHash) =>
      update(
        { organizationId, keyId },
        {
          set: 'SET secretHash = :hash',
          condition: 'attribute_exists(pk) AND attribute_not_exists(revokedAt)',
          values: { ':hash': secretHash },
        },
      ),
  };
}

const toKey = (item: unknown): StoredKey => {
  const { kind: _kind, ...key } = parse($KeyItem, item);
  return key;
};
