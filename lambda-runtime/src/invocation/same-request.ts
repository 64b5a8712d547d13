/**
 * Under this symbol an adapter that calls `session()` with an event it made up names what it made it from: Lambda's event, the
 * framework's request, or a list of such.
 */
const REQUEST = Symbol.for('cdk-session-table/request');

type Fields = Partial<Record<string | symbol, unknown>>;

/** Whether two events are one request, although a middleware may have copied the event in between. */
export function isSameRequest(one: unknown, other: unknown): boolean {
  const parts = partsOf(one);
  return partsOf(other).some((part) => parts.includes(part));
}

/** The objects that no other request has. */
function partsOf(event: unknown): unknown[] {
  return isObject(event) ? [event, event.requestContext, ...[event[REQUEST]].flat().flatMap(partsOf)].filter(isObject) : [];
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
