import { MOST_STEPS } from './failed-writes.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { keepUserIndex } from '../invocation/user-moves.js';
import type { SessionState } from '../session/session-state.js';
import { isForeign } from '../stores/foreign-row.js';
import { destinationOf } from '../stores/forwarding-row.js';

/**
 * Deletes the session immediately, whatever other invocations did to it. The save at the end waits for it. If that fails the
 * session counts as not destroyed: the client keeps its id, and the handler may try again.
 *
 * @throws SessionStoreError if it could not be deleted
 */
export function destroySession(session: SessionState, access: StoreAccess): Promise<void> {
  keepUserIndex(access);
  session.isDestroyed = true;
  return session.updates.inTurn(async () => {
    try {
      await deleteRows(session, access);
    } catch (error) {
      session.isDestroyed = false;
      throw error;
    }
    session.isDestroyed = true;
    session.isStored = false;
  });
}

/**
 * Deletes every row that may be the session's, and follows it to where another invocation has moved it. The forwarding rows go
 * last: if anything fails before, a later logout still finds the way.
 */
async function deleteRows({ possibleKeys, uncheckedKeys }: SessionState, access: StoreAccess): Promise<void> {
  const { store, limits, now } = access;
  const forwarding: string[] = [];
  for (const key of possibleKeys) { // also visits the keys that are added on the way
    if (uncheckedKeys.includes(key) && await hasForeignRow(key, access)) {
      continue;
    }
    const row = await store.destroy(key, { ...limits(), keepsForwardingRow: true });
    const destination = destinationOf(row, now());
    if (destination !== undefined && forwarding.length < MOST_STEPS) {
      possibleKeys.add(destination);
    }
    if (row?.moved_to !== undefined) {
      forwarding.push(key);
    }
  }
  for (const key of forwarding) {
    await store.destroy(key, limits());
  }
}

async function hasForeignRow(key: string, { store, options, limits }: StoreAccess): Promise<boolean> {
  const row = await store.get(key, { ...limits(), consistentRead: true });
  return row !== undefined && isForeign(row, options.hashesIds);
}
