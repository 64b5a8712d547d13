import { moveSession } from './move-session.js';
import { generateSessionId } from '../ids/session-id.js';
import type { StoreAccess } from '../invocation/invocation.js';
import { keepUserIndex } from '../invocation/user-moves.js';
import type { SessionState } from '../session/session-state.js';

/** Gives the session a fresh id when it is saved. Handlers that never do this do not carry the code for it in their bundle. */
export function regenerateSession(session: SessionState, access: StoreAccess): void {
  keepUserIndex(access);
  const id = generateSessionId();
  session.regenerate(id, access.options.keyOfId(id), () => moveSession({ session, changes: session.handled.changes(), access }));
}
