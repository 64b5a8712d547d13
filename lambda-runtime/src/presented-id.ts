import type { Invocation } from './invocation.js';
import { isUsableId } from './session-id.js';

/** Reads the id that the client presents; what cannot be an id counts as none. */
export function readId(invocation: Invocation): void {
  const { access: { options }, event, format } = invocation;
  const presentedId = options.transport.readId(format.requestHead(event));
  invocation.presentedId = isUsableId(presentedId) ? presentedId : undefined;
}

/** The result with what tells the client its session id; a session that is not stored is not told. */
export function writeId({ access: { options }, format, session }: Invocation, result: unknown): unknown {
  return session.isStored ? format.respond(result, options.transport.writeId(session.id)) : result;
}
