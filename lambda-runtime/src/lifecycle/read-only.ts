import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import { SessionError } from '../errors.js';

export const READ_ONLY_ADVICE = 'this function may only read sessions, it was attached by attachReadOnly(); attach() lets it write, too';

/** @throws SessionError if the data was changed in place in a function that may only read it */
export function refuseChange(data: AttributeValue, loaded: AttributeValue): void {
  if (!equal(data, loaded)) {
    throw new SessionError(`the session data was changed and cannot be saved: ${READ_ONLY_ADVICE}`);
  }
}
