import type { StoreAccess } from './invocation.js';
import { dueEnd, hasUser, indexItem, withCollections } from './user-index.js';
import type { ResolvedOptions } from '../configuration/resolve-options.js';
import type { CollectionWrite } from '../stores/collections/collections-store.js';
import { readEpochSeconds } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';
import type { SessionStore } from '../stores/store.js';

/** The stores of invocations that keep the index items already. */
const keeping = new WeakSet<SessionStore>();

/**
 * From now on sessions with a user begin, move and end in this invocation together with their index items. Whatever signs in,
 * regenerates or destroys calls this first; the bundles of other handlers do not carry the code for it.
 */
export function keepUserIndex(access: StoreAccess): void {
  if (!keeping.has(access.store)) {
    access.store = withUserMoves(access.store, access.options);
    keeping.add(access.store);
  }
}

function withUserMoves(store: SessionStore, options: ResolvedOptions): SessionStore {
  const deletion = (row: SessionRow): CollectionWrite => ({ delete: indexItem(row, options) });
  return {
    ...store,

    create(creation, limits) {
      if (!hasUser(creation.row)) {
        return store.create(creation, limits);
      }
      const row = withEnd(creation.row, options);
      const { offspringOf } = creation;
      const check = offspringOf !== undefined && hasUser(offspringOf) ? [{ check: indexItem(offspringOf, options) }] : [];
      return withCollections(store).create({ ...creation, row, beside: [{ put: indexItem(row, options) }, ...check] }, limits);
    },

    regenerate(regeneration, limits) {
      const { from } = regeneration;
      const isSignedIn = hasUser(regeneration.row);
      if (!isSignedIn && !hasUser(from)) {
        return store.regenerate(regeneration, limits);
      }
      const row = isSignedIn ? withEnd(regeneration.row, options) : regeneration.row;
      const beside = [...(isSignedIn ? [{ put: indexItem(row, options) }] : []), ...(hasUser(from) ? [deletion(from)] : [])];
      return withCollections(store).regenerate({ ...regeneration, row, beside }, limits);
    },

    async destroy(key, limits) {
      const row = await store.destroy(key, limits);
      if (row !== undefined && hasUser(row)) {
        await withCollections(store).writeBeside!(deletion(row), limits);
      }
      return row;
    },
  };
}

/** The row with the expiry of its index item. */
function withEnd(row: SessionRow, options: ResolvedOptions): SessionRow {
  return { ...row, user_until: dueEnd({ ...row, user_until: undefined }, readEpochSeconds(row.ttl) ?? 'never', options)! };
}
