import { detectFormat } from '../../../lambda-runtime/src/events/detect-format.js';
import { cookieTransport, MemoryStore, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import { albEvent, bareEvent, httpApiV2Event, restApiV1Event, webSocketEvent } from '../../fixtures/events.js';

type Fields = Record<string, any>;

/** What reaches a client of all the ways to set a cookie: header names are matched case-insensitively. */
function cookiesOf({ headers, multiValueHeaders, cookies = [] }: Fields): string[] {
  const isSetCookie = ([name]: [string, unknown]) => name.toLowerCase() === 'set-cookie';
  const entries = [headers, multiValueHeaders].flatMap((all) => Object.entries<any>(all ?? {}));
  return [...entries.filter(isSetCookie).flatMap(([, value]) => value), ...cookies];
}

const HEAD = { headers: {}, cookies: ['session=s; Secure'] };

describe('request cookies', () => {
  test.each<[string, unknown, string[]]>([
    ['HTTP API v2', httpApiV2Event({}, ['a=1', 'b=2']), ['a=1', 'b=2']],
    ['HTTP API v2 by header', httpApiV2Event({ Cookie: 'a=1; b=2' }), ['a=1; b=2']],
    ['HTTP API v2 with what is not text', httpApiV2Event({}, ['a=1', null, {}]), ['a=1']],
    ['HTTP API v2, a text instead of a list', httpApiV2Event({}, 'a=1'), ['a=1']],
    ['HTTP API v2, an empty list beside a header, as emulators send it', httpApiV2Event({ cookie: 'a=1; b=2' }, []), ['a=1; b=2']],
    ['HTTP API v2, a list as header', httpApiV2Event({ Cookie: ['a=1', 'b=2'] }), ['a=1', 'b=2']],
    ['REST API, a list in the single-value headers', restApiV1Event({ Cookie: ['a=1', 'b=2'] }), ['a=1', 'b=2']],
    ['REST API, a text among the lists', restApiV1Event(null, { cookie: 'a=1' }), ['a=1']],
    ['REST API, single-value', restApiV1Event({ Cookie: 'a=1; b=2' }), ['a=1; b=2']],
    ['REST API, lists', restApiV1Event({ cookie: 'b=2' }, { cookie: ['a=1', 'b=2'] }), ['a=1', 'b=2']],
    ['ALB, single-value', albEvent({ headers: { cookie: 'a=1; b=2' } }), ['a=1; b=2']],
    ['ALB, lists', albEvent({ multiValueHeaders: { cookie: ['a=1', 'b=2'] } }), ['a=1', 'b=2']],
    ['WebSocket, $connect', webSocketEvent('CONNECT', 'one', { Cookie: 'a=1; b=2' }), ['a=1; b=2']],
    ['bare', bareEvent({ cookie: 'a=1; b=2' }), ['a=1; b=2']],
    ['bare, a list', bareEvent({ cookie: ['a=1', 'b=2'] }), ['a=1', 'b=2']],
    ['bare without headers', bareEvent(), []],
    ['headers that are none', bareEvent('cookie: a=1'), []],
    ['no object', 'hello', []],
  ])('%s', (_, event, expected) => {
    expect(detectFormat(event).requestHead(event).cookies()).toEqual(expected);
  });
});

describe('response cookies', () => {
  const respond = (event: unknown, result: unknown) => detectFormat(event).answer(result)!.add(HEAD) as Fields;

  test('HTTP API v2: join those of the handler in the list, also those from its headers', () => {
    expect(respond(httpApiV2Event(), { statusCode: 200, headers: { 'Set-Cookie': 'b=2', 'vary': 'a' }, cookies: ['a=1'] }))
      .toEqual({ statusCode: 200, headers: { vary: 'a' }, cookies: ['a=1', 'b=2', 'session=s; Secure'] });
  });

  test('HTTP API v2: are added to the response that API Gateway would have made', () => {
    expect(respond(httpApiV2Event(), 'hello')).toMatchObject({ statusCode: 200, body: 'hello', cookies: ['session=s; Secure'] });
  });

  test('REST API: join those of the handler in the list, also those from its single-value headers', () => {
    expect(respond(restApiV1Event(), { statusCode: 200, headers: { 'Set-Cookie': 'b=2', 'vary': 'a' }, multiValueHeaders: { 'SET-COOKIE': ['a=1'] } }))
      .toEqual({ statusCode: 200, headers: { vary: 'a' }, multiValueHeaders: { 'SET-COOKIE': ['a=1', 'b=2', 'session=s; Secure'] } });
  });

  test('REST API: need no list to begin with', () => {
    expect(respond(restApiV1Event(), { statusCode: 204 }))
      .toEqual({ statusCode: 204, headers: {}, multiValueHeaders: { 'set-cookie': ['session=s; Secure'] } });
  });

  test('ALB with multi-value headers: join those of the handler in the list', () => {
    expect(respond(albEvent({ multiValueHeaders: {} }), { statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1'] } }))
      .toEqual({ statusCode: 200, multiValueHeaders: { 'Set-Cookie': ['a=1', 'session=s; Secure'] } });
  });

  test.each([['ALB', albEvent()], ['bare', bareEvent()]])('%s, one value a header: each has a spelling of its own', (_, event) => {
    const { headers } = respond(event, { statusCode: 200, headers: { 'set-cookie': 'a=1', 'Set-Cookie': 'b=2' } });

    expect(Object.keys(headers)).toHaveLength(3);
    expect(cookiesOf({ headers }).sort()).toEqual(['a=1', 'b=2', 'session=s; Secure']);
  });

  test('one value a header: more cookies than letters find a spelling each', () => {
    const cookies = Array.from({ length: 40 }, (_, i) => `c${i}=${i}`);
    const { headers } = detectFormat(albEvent()).answer({ statusCode: 200 })!.add({ headers: {}, cookies }) as Fields;

    expect(cookiesOf({ headers })).toEqual(cookies);
  });

  test('the object of the handler is not changed', () => {
    const result = { statusCode: 200, headers: { 'set-cookie': 'a=1' }, multiValueHeaders: { 'set-cookie': ['b=2'] }, cookies: ['c=3'] };
    const before = structuredClone(result);

    for (const event of [httpApiV2Event(), restApiV1Event(), albEvent(), albEvent({ multiValueHeaders: {} }), bareEvent()]) {
      respond(event, result);
    }

    expect(result).toEqual(before);
  });
});

type EventWith = (cookie?: string) => unknown;

describe.each<[string, EventWith]>([
  ['HTTP API v2', (cookie) => httpApiV2Event({}, cookie === undefined ? undefined : [cookie])],
  ['REST API, single-value', (cookie) => restApiV1Event(cookie === undefined ? null : { Cookie: cookie })],
  ['REST API, lists', (cookie) => restApiV1Event(null, cookie === undefined ? null : { Cookie: [cookie] })],
  ['ALB, single-value', (cookie) => albEvent({ headers: cookie === undefined ? {} : { cookie } })],
  ['ALB, lists', (cookie) => albEvent({ multiValueHeaders: cookie === undefined ? {} : { cookie: [cookie] } })],
  ['bare', (cookie) => bareEvent(cookie === undefined ? {} : { cookie })],
])('a session by cookie: %s', (_, eventWith) => {
  test('is found again', async () => {
    const response = { statusCode: 200, body: 'hello' };
    const seen: unknown[] = [];
    const handler = session(async () => {
      seen.push(getSessionData());
      setSessionData('known');
      return response;
    }, { store: new MemoryStore(), transport: cookieTransport() });

    const [cookie] = cookiesOf(await handler(eventWith()) as Fields);
    expect(await handler(eventWith(`theme=dark; ${cookie.split(';')[0]}`))).toEqual(response);

    expect(seen).toEqual([null, 'known']);
  });

  test('stands beside the cookies of the handler', async () => {
    const handler = session(async () => {
      setSessionData('known');
      return { statusCode: 200, headers: { 'Set-Cookie': 'a=1' }, multiValueHeaders: { 'Set-Cookie': ['a=1'] } };
    }, { store: new MemoryStore(), transport: cookieTransport() });
    const cookies = cookiesOf(await handler(eventWith()) as Fields);

    expect(cookies).toContain('a=1');
    expect(cookies.filter((cookie) => cookie.startsWith('__Host-session='))).toHaveLength(1);
  });
});
