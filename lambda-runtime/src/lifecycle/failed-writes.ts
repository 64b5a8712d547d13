import { equal } from '../dynamodb/values/attribute-values.js';
import { SessionConflictError, SessionStoreError } from '../errors.js';
import { correlationHash } from '../ids/session-id.js';
import type { SessionState } from '../session/session-state.js';
import { isSameLife, isSameVersion } from '../stores/session-row.js';
import type { FailedWrite, SessionRow } from '../stores/store.js';

/**
 * Whether the row that is there is the one that was to be created: its answer was lost, and it was sent again. Others may
 * have saved to it since.
 */
export function isOwnRow({ found, mayBeApplied }: FailedWrite, row: SessionRow): boolean {
  const isOwnLife = mayBeApplied && found !== undefined && isSameLife(found, row);
  return isOwnLife && (!isSameVersion(found, row) || equal(found.value, row.value));
}

/**
 * The row on which a creation failed.
 *
 * @throws SessionStoreError if the store does not tell it: to try again would lead nowhere
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

/**
 * The row as it is now, if it is of the same life as the one that was loaded.
 *
 * @throws SessionConflictError if the session was deleted
 */
export function refuseIfGone(session: SessionState, loaded: SessionRow, { found, mayBeApplied }: FailedWrite): SessionRow {
  if (found === undefined || !isSameLife(found, loaded)) {
    session.isStored = false;
    const fate = mayBeApplied ? 'were sent more than once and may have been saved before that' : 'were not saved';
    throw new SessionConflictError(
      `session ${correlationHash(loaded.key.S!)} was deleted, or given another id, by another invocation while this one had it in hand; its changes ${fate}, and it was not brought back`,
    );
  }
  return found;
}
