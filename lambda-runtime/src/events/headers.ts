import { fieldIgnoringCase, fieldsOf } from './fields.js';
import type { Fields } from './fields.js';
import type { RequestHead } from '../transports/http-head.js';

/** The head of a request whose headers have one value each. */
export function singleValueHead(headers: unknown): RequestHead {
  const header = (name: string) => asTexts([fieldIgnoringCase(fieldsOf(headers), name)]).at(-1);
  return { header, cookies: () => asTexts([header('cookie')]) };
}

/** The head of a request whose headers have lists of values; the last of a list counts, as in API Gateway's own `headers`. */
export function multiValueHead(multiValueHeaders: unknown): RequestHead {
  const values = (name: string) => asTexts(fieldIgnoringCase(fieldsOf(multiValueHeaders), name));
  return { header: (name) => values(name).at(-1), cookies: () => values('cookie') };
}

/** What there is of texts in a list; none where it is no list. */
export function asTexts(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((value) => typeof value === 'string') : [];
}

/** A copy of a response's headers in which the added ones replace those of the same name, whatever their case. */
export function replaceHeaders(headers: unknown, added: Fields): Fields {
  return { ...withoutHeaders(headers, added), ...added };
}

/** A copy of a response's headers without those of the given names. */
export function withoutHeaders(headers: unknown, names: Fields): Fields {
  const unwanted = new Set(Object.keys(names).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(fieldsOf(headers)).filter(([name]) => !unwanted.has(name.toLowerCase())));
}

/** The values of `Set-Cookie` among a response's headers, in whatever spelling, and the headers without them. */
export function takeSetCookies(headers: Fields): { readonly cookies: string[]; readonly others: Fields } {
  const cookies = Object.entries(headers).filter(([name]) => name.toLowerCase() === SET_COOKIE).map(([, value]) => value);
  return { cookies: asTexts(cookies), others: withoutHeaders(headers, { [SET_COOKIE]: undefined }) };
}

/** The headers of a response with values of `Set-Cookie` added, each under a spelling of its own: only one value fits a name. */
export function addSetCookies(headers: Fields, added: readonly string[]): Fields {
  const all = { ...headers };
  let spelling = 0;
  for (const cookie of added) {
    while (Object.hasOwn(all, spelled(SET_COOKIE, spelling))) {
      spelling++;
    }
    all[spelled(SET_COOKIE, spelling)] = cookie;
  }
  return all;
}

/** The lists of headers of a response with values of `Set-Cookie` added. */
export function addMultiValueSetCookies(multiValueHeaders: unknown, cookies: readonly string[]): Fields {
  const fields = fieldsOf(multiValueHeaders);
  const name = Object.keys(fields).find((candidate) => candidate.toLowerCase() === SET_COOKIE) ?? SET_COOKIE;
  return cookies.length === 0 ? fields : { ...fields, [name]: [...asTexts(fields[name]), ...cookies] };
}

const SET_COOKIE = 'set-cookie';

/** One of the spellings of a header's name, which are matched case-insensitively: `set-cookie`, `Set-cookie`, `sEt-cookie`, `SEt-cookie`, … */
function spelled(name: string, spelling: number): string {
  const bits = spelling.toString(2);
  return Array.from(name, (letter, i) => (bits.at(-1 - i) === '1' ? letter.toUpperCase() : letter)).join('');
}
