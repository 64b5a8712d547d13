export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};

/** Whether a value is an object with named fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of a value; none where it is no object. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : NO_FIELDS;
}

/** The value of a field whose name is matched case-insensitively, as header names are (RFC 9110, section 5.1). */
export function fieldIgnoringCase(fields: Fields, name: string): unknown {
  const wanted = name.toLowerCase();
  const field = Object.keys(fields).find((candidate) => candidate.toLowerCase() === wanted);
  return field === undefined ? undefined : fields[field];
}
