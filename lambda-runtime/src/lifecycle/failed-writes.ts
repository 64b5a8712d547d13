import { equal } from '../dynamodb/values/attribute-values.js';
import { SessionConflictError, SessionStoreError } from '../errors.js';
import { correlationHash } from '../ids/session-id.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { isExpired } from '../session/expiry.js';
import type { SessionState } from '../session/session-state.js';
import { destinationOf } from '../stores/forwarding-row.js';
import { isSameLife, isSameVersion } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';
import type { FailedWrite } from '../stores/writes.js';

/** A session moves seldom, and forwarding rows last a minute: more steps than this are not to be expected. */
export const MOST_STEPS = 3;

/**
 * Whether the existing row is the one that should have been created: its answer was lost, and it was sent again. Others may have saved
 * to it since.
 */
export function isOwnRow({ found, mayBeApplied }: FailedWrite, row: SessionRow): boolean {
  const isOwnLife = mayBeApplied && found !== undefined && isSameLife(found, row);
  return isOwnLife && (!isSameVersion(found, row) || equal(found.value, row.value));
}

/**
 * The row on which a creation failed.
 *
 * @throws SessionStoreError if the store does not return it: trying again would lead nowhere
 */
export function rowInTheWay({ found }: FailedWrite): SessionRow {
  if (found === undefined) {
    throw new SessionStoreError(
      'the session could not be created because another invocation was faster, and the store does not return that one\'s session: '
      + 'pass a client that knows ReturnValuesOnConditionCheckFailure, as every current @aws-sdk/client-dynamodb does',
    );
  }
  return found;
}

/** The result with the session's row as it is where other invocations have moved it, if they have. */
export async function followed(result: FailedWrite, { store, limits, now }: StoreAccess): Promise<FailedWrite> {
  let { found } = result;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const destination = destinationOf(found, now());
    if (destination === undefined) {
      break;
    }
    found = await store.get(destination, { ...limits(), consistentRead: true });
  }
  return { ...result, found };
}

/**
 * The row as it is now, if it has the same life as the one that was loaded, wherever another invocation has moved it.
 *
 * @throws SessionConflictError if the session was deleted, or has expired
 */
export async function currentRow(session: SessionState, loaded: SessionRow, result: FailedWrite, access: StoreAccess): Promise<SessionRow> {
  const { found, mayBeApplied } = await followed(result, access);
  if (found === undefined || !isSameLife(found, loaded) || isExpired(found, access.now(), access.options)) {
    session.isStored = false;
    const fate = mayBeApplied ? 'were sent more than once and may have been saved before that' : 'were not saved';
    throw new SessionConflictError(
      `session ${correlationHash(loaded.key.S!)} was deleted by another invocation, or expired, during this invocation; its changes ${fate}, and it was not recreated`,
    );
  }
  if (found.key.S !== loaded.key.S) {
    session.follow(found, loaded);
  }
  return found;
}
