import type { StoreAccess } from '../invocation/invocation.js';
import { followed } from '../lifecycle/failed-writes.js';
import { knownLogId } from '../lifecycle/open-log.js';
import { isExpired } from '../session/expiry.js';
import type { SessionState } from '../session/session-state.js';
import { isForeign } from '../stores/foreign-row.js';
import { isSameLife } from '../stores/session-row.js';

/**
 * The id of the session's log, if it has one. Where none is known, another invocation may have made it since the session was
 * loaded: an append would go into that one.
 */
export async function findLogId(session: SessionState, access: StoreAccess): Promise<string | undefined> {
  if (session.isDestroyed) {
    return undefined;
  }
  const known = await knownLogId(session);
  const isNobodyElses = session.row === undefined && session.idIsFresh;
  return known ?? (isNobodyElses ? undefined : storedLogId(session, access));
}

async function storedLogId({ row, key }: SessionState, access: StoreAccess): Promise<string | undefined> {
  const { store, options, limits, now } = access;
  const there = await store.get(row?.key.S ?? key, { ...limits(), consistentRead: true });
  const { found } = await followed({ written: false, found: there, mayBeApplied: false }, access);
  const isOurs = found !== undefined && !isForeign(found, options.hashesIds) && !isExpired(found, now(), options)
    && (row === undefined ? found === there : isSameLife(found, row));
  return isOurs ? found.log_id?.S : undefined;
}
