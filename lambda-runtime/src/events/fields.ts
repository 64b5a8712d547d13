export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};

/** Whether a value is an object with named fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a value; none where it is not an object. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : NO_FIELDS;
}

/** A copy of the fields that JSON, and so Lambda, sends of a value: its own ones, or those that its `toJSON` returns. */
export function sentFields(value: unknown): Fields | undefined {
  const sent = isFields(value) && typeof value.toJSON === 'function' ? (value.toJSON('') as unknown) : value;
  return isFields(sent) ? { ...sent } : undefined;
}

/** The values of the fields whose name matches case-insensitively, as header names do (RFC 9110, section 5.1). */
export function valuesIgnoringCase(fields: Fields, name: string): unknown[] {
  const wanted = name.toLowerCase();
  const matches = (candidate: string) => candidate.length === wanted.length && candidate.toLowerCase() === wanted;
  return Object.keys(fields).filter(matches).map((field) => fields[field]);
}

/** The texts that a value or the values of a list are: numbers and truth values are written out, all else is left out. */
export function textsOf(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each) => ['string', 'number', 'boolean'].includes(typeof each)).map(String);
}
