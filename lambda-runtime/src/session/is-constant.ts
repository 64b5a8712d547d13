/** Whether nothing in it can be changed in place: it is frozen, and so is everything in it. */
export function isConstant(value: unknown, seen = new Set<object>()): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value)) {
    return true;
  }
  seen.add(value);
  return Object.isFrozen(value) && !isBuiltIn(value)
    && Reflect.ownKeys(value).every((name) => holdsConstant(Object.getOwnPropertyDescriptor(value, name)!, seen));
}

/** A getter may return anything. */
function holdsConstant(field: PropertyDescriptor, seen: Set<object>): boolean {
  return 'value' in field && isConstant(field.value, seen);
}

/** Whether it is a Map, a URL or the like: what they hold is not in their fields, and freezing does not reach it. */
function isBuiltIn(value: object): boolean {
  for (let prototype = Object.getPrototypeOf(value); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const { constructor } = prototype;
    if (constructor !== Object && constructor !== Array && constructor === (globalThis as Record<string, unknown>)[constructor?.name]) {
      return true;
    }
  }
  return false;
}
