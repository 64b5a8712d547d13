import { fieldsOf, sentFields, textsOf, valuesIgnoringCase } from './fields.js';
import type { Fields } from './fields.js';
import type { RequestHead } from '../transports/http-head.js';

/**
 * The head of a request, from its headers and its lists of headers; where a name is in both, the list counts. Gateways send
 * texts in the former and lists in the latter, emulators and direct invocations either in both.
 */
export function headOf(headers: unknown, multiValueHeaders?: unknown): Pick<RequestHead, 'header' | 'cookies'> {
  const values = (name: string) => {
    const multiple = headerTexts(multiValueHeaders, name);
    return multiple.length > 0 ? multiple : headerTexts(headers, name);
  };
  return { header: (name) => values(name).at(-1), cookies: () => values('cookie') };
}

/** The values of a header, whatever the case of its name. */
export function headerTexts(headers: unknown, name: string): string[] {
  return valuesIgnoringCase(fieldsOf(headers), name).flatMap(textsOf);
}

/** A copy of a response's headers in which the added ones replace those of the same name, whatever their case. */
export function replaceHeaders(headers: unknown, added: Fields): Fields {
  return { ...withoutHeaders(headers, added), ...added };
}

/** A copy of a response's headers without those of the given names. */
export function withoutHeaders(headers: unknown, names: Fields): Fields {
  const unwanted = new Set(Object.keys(names).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(sentFields(headers) ?? {}).filter(([name]) => !unwanted.has(name.toLowerCase())));
}

/** The values of `Set-Cookie` among a response's headers, in whatever spelling, and the headers without them. */
export function takeSetCookies(headers: Fields): { readonly cookies: string[]; readonly others: Fields } {
  return { cookies: headerTexts(headers, SET_COOKIE), others: withoutHeaders(headers, { [SET_COOKIE]: undefined }) };
}

/** The headers of a response with values of `Set-Cookie` added, each under its own spelling: a name holds one value only. */
export function addSetCookies(headers: Fields, added: readonly string[]): Fields {
  if (added.length === 0) {
    return headers;
  }
  const { cookies, others } = takeSetCookies(headers);
  const all = { ...others };
  let number = 0;
  for (const cookie of [...cookies, ...added]) {
    while (Object.hasOwn(all, spelling(SET_COOKIE, number))) {
      number++; // the hyphen has no case: some numbers spell alike
    }
    all[spelling(SET_COOKIE, number)] = cookie;
  }
  return all;
}

/** The lists of headers of a response with values of `Set-Cookie` added. */
export function addMultiValueSetCookies(multiValueHeaders: unknown, cookies: readonly string[]): Fields {
  const fields = sentFields(multiValueHeaders) ?? {};
  if (cookies.length === 0) {
    return fields;
  }
  const name = Object.keys(fields).find((candidate) => candidate.toLowerCase() === SET_COOKIE) ?? SET_COOKIE;
  const { cookies: own, others } = takeSetCookies(fields);
  return { ...others, [name]: [...own, ...cookies] };
}

const SET_COOKIE = 'set-cookie';

/** One of the spellings of a header's name, which are matched case-insensitively: `set-cookie`, `Set-cookie`, `sEt-cookie`, `SEt-cookie`, … */
function spelling(name: string, number: number): string {
  const bits = number.toString(2);
  return Array.from(name, (letter, i) => (bits.at(-1 - i) === '1' ? letter.toUpperCase() : letter)).join('');
}
