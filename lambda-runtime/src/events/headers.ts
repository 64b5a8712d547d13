import type { RequestHead } from '../http-head.js';
import { fieldIgnoringCase, fieldsOf } from './fields.js';
import type { Fields } from './fields.js';

/** The head of a request whose headers have one value each. */
export function singleValueHead(headers: unknown): RequestHead {
  const fields = fieldsOf(headers);
  return { header: (name) => asString(fieldIgnoringCase(fields, name)) };
}

/** The head of a request whose headers have lists of values; the last of a list counts, as in API Gateway's own `headers`. */
export function multiValueHead(multiValueHeaders: unknown): RequestHead {
  const fields = fieldsOf(multiValueHeaders);
  return {
    header: (name) => {
      const values = fieldIgnoringCase(fields, name);
      return Array.isArray(values) ? asString(values.at(-1)) : undefined;
    },
  };
}

/** A copy of a response's headers in which the added ones replace those of the same name, whatever their case. */
export function replaceHeaders(headers: unknown, added: Readonly<Record<string, string>>): Fields {
  return { ...withoutHeaders(headers, added), ...added };
}

/** A copy of a response's headers without those of the given names. */
export function withoutHeaders(headers: unknown, names: Readonly<Record<string, string>>): Fields {
  const unwanted = new Set(Object.keys(names).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(fieldsOf(headers)).filter(([name]) => !unwanted.has(name.toLowerCase())));
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
