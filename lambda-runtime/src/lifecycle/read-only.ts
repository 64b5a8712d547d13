import { SessionError } from '../errors.js';
import type { Changes } from '../session/merging.js';

export const READ_ONLY_ADVICE = 'this function may only read sessions, it was attached by attachReadOnly(); attach() lets it write, too';

/** @throws SessionError if the data was changed in place in a function that may only read it */
export function refuseChanges(changes: Changes | undefined): void {
  if (changes !== undefined) {
    throw new SessionError(`the session data was changed and cannot be saved: ${READ_ONLY_ADVICE}`);
  }
}
