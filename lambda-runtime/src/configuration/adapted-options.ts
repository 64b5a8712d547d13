import { checkOptions } from './check-options.js';
import type { SessionOptions } from './session-options.js';

/**
 * The options of an adapter for `session()`, which gets events that the adapter has made up: `sessionId` gets what they were made
 * from. They are checked before they are copied, since a copy of anything is an object.
 *
 * @throws SessionOptionsError for an option that cannot work
 * @hidden
 */
export function adaptedOptions<TGiven, TEvent>(options: SessionOptions<TGiven>, givenOf: (event: TEvent) => TGiven): SessionOptions<TEvent> {
  checkOptions(options);
  const { sessionId, ...others } = options;
  return sessionId === undefined ? others : { ...others, sessionId: (event) => sessionId(givenOf(event)) };
}
