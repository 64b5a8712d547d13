import { createHmac } from 'node:crypto';
import { parseSetCookie } from 'cookie';
import { isUsableId } from '../../../lambda-runtime/src/ids/session-id.js';
import { SessionOptionsError, cookieTransport } from '../../../lambda-runtime/src/index.js';
import type { CookieTransportProps, SessionIdCandidate, SessionRequestHead as RequestHead, SessionTransport } from '../../../lambda-runtime/src/index.js';

const SECRET = 'a secret that is long enough: 32 bytes';
const OLD_SECRET = 'another secret, in use until last week';
const ID = 'Qm9vT1hkV0p2VnB4eEdNU3FhY1hqN0h3Y2tRcGRrbnA';

const request = (...cookies: string[]): RequestHead => ({ header: () => undefined, cookies: () => cookies });
const candidates = (transport: SessionTransport, ...cookies: string[]) => transport.readId(request(...cookies)) as readonly SessionIdCandidate[];
/** The id that counts most, of those that can be one. */
const read = (transport: SessionTransport, ...cookies: string[]) => candidates(transport, ...cookies).find(({ id }) => isUsableId(id))?.id;
const setCookie = (transport: SessionTransport, id = ID) => transport.writeId({ id, isNewToClient: true, expiryMoved: true }).cookies[0];
const isSent = (transport: SessionTransport, news: { isNewToClient: boolean; expiryMoved: boolean }) =>
  transport.writeId({ id: ID, ...news }).cookies.length === 1;

describe('the cookie', () => {
  test('is by default bound to the host, to HTTPS, to the site, and out of reach for scripts', () => {
    expect(parseSetCookie(setCookie(cookieTransport())))
      .toEqual({ name: '__Host-session', value: ID, path: '/', secure: true, httpOnly: true, sameSite: 'lax' });
  });

  test('is Secure and HttpOnly whatever its properties', () => {
    const cookie = parseSetCookie(setCookie(cookieTransport({
      name: 'chat', domain: 'example.com', path: '/chat', sameSite: 'none', maxAge: 900, partitioned: true,
    })));

    expect(cookie).toEqual({
      name: 'chat',
      value: expect.stringMatching(`^${ID} [\\da-z]+-p0$`),
      domain: 'example.com',
      path: '/chat',
      sameSite: 'none',
      maxAge: 900,
      partitioned: true,
      secure: true,
      httpOnly: true,
    });
  });

  test.each([`${ID} and more`, `${ID} `, ` ${ID}`, `${ID} tp4086`, `${ID} tp4086-p0 tp4086-p0`])('with spaces elsewhere than before its time holds no id: %j', (value) => {
    expect(read(cookieTransport({ maxAge: 900 }), `__Host-session=${encodeURIComponent(value)}`)).toBeUndefined();
  });

  test.each(['0', 'p0p0p0p0p0p0', 'z'.repeat(400)])('with a length that no cookie has holds its id, and is sent again with none that the client made up: %s', (age) => {
    const transport = cookieTransport();
    const [presented] = candidates(transport, `__Host-session=${ID}%20tp4086-${age}`);

    expect(presented).toMatchObject({ id: ID, isDue: true });
    expect(transport.writeId({ ...presented, isNewToClient: false, expiryMoved: true }).cookies).toEqual([]);
  });

  test('is cleared by one of the same name, domain, path and partition, which ends immediately', () => {
    const transport = cookieTransport({ name: 'chat', domain: 'example.com', path: '/chat', sameSite: 'none', maxAge: 900, partitioned: true, secrets: [SECRET] });

    expect(transport.clearId(request()).headers).toEqual({});
    expect(transport.clearId(request()).cookies.map((cookie) => parseSetCookie(cookie))).toEqual([{
      name: 'chat', value: '', domain: 'example.com', path: '/chat', sameSite: 'none', maxAge: 0, partitioned: true, secure: true, httpOnly: true,
    }]);
  });

  test('with a fresh id and a signature stays far below the 4096 bytes that browsers keep', () => {
    const cookie = parseSetCookie(setCookie(cookieTransport({ secrets: [SECRET], maxAge: Number.MAX_SAFE_INTEGER })));

    expect(cookie.name.length + cookie.value!.length).toBeLessThan(200);
  });
});

describe('Set-Cookie', () => {
  test('is sent when the client does not have the id', () => {
    expect(isSent(cookieTransport(), { isNewToClient: true, expiryMoved: false })).toBe(true);
  });

  test('is sent when the expiry of a cookie that has one moved', () => {
    expect(isSent(cookieTransport({ maxAge: 900 }), { isNewToClient: false, expiryMoved: true })).toBe(true);
  });

  test.each<[string, CookieTransportProps, boolean]>([
    ['the expiry moved, and the cookie has none', {}, true],
    ['neither id nor expiry changed', { maxAge: 900 }, false],
  ])('is not sent when %s', (_, props, expiryMoved) => {
    expect(isSent(cookieTransport(props), { isNewToClient: false, expiryMoved })).toBe(false);
  });
});

describe('reading', () => {
  test.each<[string, string[], string | undefined]>([
    ['one cookie', ['__Host-session=a'], 'a'],
    ['one among others in a header', ['theme=dark; __Host-session=a; lang=en'], 'a'],
    ['without space between', ['theme=dark;__Host-session=a;lang=en'], 'a'],
    ['one among others in a list', ['theme=dark', '__Host-session=a', 'lang=en'], 'a'],
    ['of several the last', ['__Host-session=a; __Host-session=b'], 'b'],
    ['of several in a list the last', ['__Host-session=a', '__Host-session=b'], 'b'],
    ['an empty one does not count', ['__Host-session=a; __Host-session='], 'a'],
    ['one with control characters does not count', ['__Host-session=a; __Host-session=b%00c'], 'a'],
    ['a huge one does not count', [`__Host-session=a; __Host-session=${'x'.repeat(2049)}`], 'a'],
    ['percent-encoded', ['__Host-session=a%2Bb'], 'a+b'],
    ['percent-encoding that is none is text', ['__Host-session=%E0%A4%A'], '%E0%A4%A'],
    ['quoted, as RFC 2109 and Java have it', ['$Version="1"; __Host-session="a";$Path="/"'], 'a'],
    ['quoted and percent-encoded', ['__Host-session="a%22b"'], 'a"b'],
    ['a single quote sign', ['__Host-session="'], '"'],
    ['another name in another case', ['__host-session=a'], undefined],
    ['a name that begins alike', ['__Host-session2=a'], undefined],
    ['a name in a value', ['theme=__Host-session=a'], undefined],
    ['no value', ['__Host-session'], undefined],
    ['only signs', [';;;===;,,, ;'], undefined],
    ['an empty text', [''], undefined],
    ['none', [], undefined],
  ])('%s', (_, cookies, expected) => {
    expect(read(cookieTransport(), ...cookies)).toBe(expected);
  });

  test('a cookie named like a member of objects is found where it is and nowhere else', () => {
    expect(read(cookieTransport({ name: '__proto__' }), '__proto__=a')).toBe('a');
    expect(read(cookieTransport({ name: 'constructor' }), 'theme=dark')).toBeUndefined();
  });

  test('ten thousand cookies of the name are read', () => {
    expect(read(cookieTransport({ secrets: [SECRET] }), '__Host-session=forged.x;'.repeat(10_000))).toBeUndefined();
  });
});

describe('a signed cookie', () => {
  const signed = (secrets: string[], id = ID, name = '__Host-session') => parseSetCookie(setCookie(cookieTransport({ name, secrets }), id)).value!;

  test('gives back the id', () => {
    expect(read(cookieTransport({ secrets: [SECRET] }), `__Host-session=${signed([SECRET])}`)).toBe(ID);
  });

  test('gives back an id with the separator and signs that are encoded', () => {
    const transport = cookieTransport({ secrets: [SECRET] });
    const id = 'a.b;c="d"%2E/+';

    expect(read(transport, setCookie(transport, id).split(';')[0])).toBe(id);
  });

  test('is signed by HMAC-SHA-256 over name and id with the first secret', () => {
    const signature = createHmac('sha256', SECRET).update(`__Host-session=${ID}`).digest('base64url');

    expect(signed([SECRET, OLD_SECRET])).toBe(`${ID}.${signature}`);
  });

  test('is verified by every secret', () => {
    expect(read(cookieTransport({ secrets: [SECRET, OLD_SECRET] }), `__Host-session=${signed([OLD_SECRET])}`)).toBe(ID);
  });

  test('is refused when its secret was removed', () => {
    expect(read(cookieTransport({ secrets: [SECRET] }), `__Host-session=${signed([OLD_SECRET])}`)).toBeUndefined();
  });

  test('is refused under another name', () => {
    expect(read(cookieTransport({ name: '__Host-admin', secrets: [SECRET] }), `__Host-admin=${signed([SECRET])}`)).toBeUndefined();
  });

  test.each<[string, (value: string) => string]>([
    ['no signature', () => ID],
    ['an empty signature', () => `${ID}.`],
    ['a signature alone', (value) => value.slice(value.lastIndexOf('.'))],
    ['a signature cut short', (value) => value.slice(0, -1)],
    ['a signature with something behind it', (value) => `${value}A`],
    ['a signature in another encoding', (value) => `${value}=`],
    ['another id', (value) => `x${value.slice(1)}`],
    ['the signature of another id', (value) => `${ID}x.${value.split('.')[1]}`],
    ['another signature', (value) => value.slice(0, -2) + (value.at(-2) === 'A' ? 'B' : 'A') + value.at(-1)],
  ])('is refused with %s', (_, forge) => {
    expect(read(cookieTransport({ secrets: [SECRET] }), `__Host-session=${forge(signed([SECRET]))}`)).toBeUndefined();
  });

  test('counts before forged ones that come after it', () => {
    expect(read(cookieTransport({ secrets: [SECRET] }), `__Host-session=${signed([SECRET])}; __Host-session=forged.forged`)).toBe(ID);
  });
});

describe('at set-up', () => {
  test.each<[string, CookieTransportProps, RegExp]>([
    ['__Host- with a domain', { domain: 'example.com' }, /__Host-session cannot have a domain/],
    ['__Host- with another path', { path: '/chat' }, /__Host-session must have the path \//],
    ['__Host- in another case', { name: '__HOST-chat', domain: 'example.com' }, /__HOST-chat cannot have a domain/],
    ['an empty domain', { name: 'chat', domain: '' }, /empty/],
    ['a domain that is none', { name: 'chat', domain: 'example .com' }, /domain/],
    ['a domain that brings an attribute', { name: 'chat', domain: 'example.com; Path=/x' }, /domain/],
    ['a relative path', { name: 'chat', path: 'chat' }, /path must begin with \//],
    ['a path that brings an attribute', { name: 'chat', path: '/; Domain=example.com' }, /path/],
    ['a name with a space', { name: 'my session' }, /my session/],
    ['an empty name', { name: '' }, /got ""/],
    ['a name that is no text', { name: 17 as never }, /got 17/],
    ['a sameSite that is none', { sameSite: 'Lax' as never }, /'Lax'/],
    ['a maxAge of 0', { maxAge: 0 }, /above 0, got 0/],
    ['a maxAge that is no whole number', { maxAge: 0.5 }, /got 0\.5/],
    ['no secrets in the list', { secrets: [] }, /one or more/],
    ['a secret that is missing', { secrets: [undefined as never] }, /at least 32 bytes, got one of 0/],
    ['secrets that are no list', { secrets: SECRET as never }, /a list/],
    ['a secret of 31 bytes', { secrets: [SECRET, 'x'.repeat(31)] }, /at least 32 bytes, got one of 31/],
    ['a property that is none', { secure: false } as never, /no option secure for cookieTransport/],
  ])('%s is refused', (_, props, message) => {
    expect(() => cookieTransport(props)).toThrow(SessionOptionsError);
    expect(() => cookieTransport(props)).toThrow(message);
  });

  test('a secret is measured in bytes, and never shown', () => {
    expect(() => cookieTransport({ secrets: ['é'.repeat(16)] })).not.toThrow();
    expect(() => cookieTransport({ secrets: ['hunter2'] })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hunter2') }));
  });

  test('__Secure- asks for Secure, which every cookie has, and for nothing else', () => {
    const cookie = parseSetCookie(setCookie(cookieTransport({ name: '__Secure-chat', domain: 'example.com', path: '/chat' })));

    expect(cookie).toMatchObject({ name: '__Secure-chat', domain: 'example.com', path: '/chat', secure: true });
  });
});
