import { fetchSession } from '../../../lambda-runtime/src/adapters/node.js';
import { MemoryStore, cookieTransport, currentSession, getSessionData, setSessionData } from '../../../lambda-runtime/src/index.js';

const URL = 'http://localhost:3000/visits';

function countVisits(init?: ResponseInit) {
  return () => {
    const visits = (getSessionData<number>() ?? 0) + 1;
    setSessionData(visits);
    return new Response(`${visits}`, init);
  };
}

describe('a handler in the style of fetch', () => {
  test('has the session of the id in a header', async () => {
    const handle = fetchSession(countVisits({ status: 201, headers: { 'x-mine': 'kept' } }), { store: new MemoryStore(), update: true });
    const first = await handle(new Request(URL));
    const id = first.headers.get('session-id')!;
    const second = await handle(new Request(URL, { headers: { 'Session-Id': id } }));

    expect([await first.text(), await second.text()]).toEqual(['1', '2']);
    expect(first.status).toBe(201);
    expect(first.headers.get('x-mine')).toBe('kept');
  });

  test('has the session of a cookie, beside cookies of its own', async () => {
    const headers = new Headers([['set-cookie', 'a=1'], ['set-cookie', 'b=2']]);
    const handle = fetchSession(countVisits({ headers }), { store: new MemoryStore(), update: true, transport: cookieTransport() });
    const first = await handle(new Request(URL));
    const [, , cookie] = first.headers.getSetCookie();
    const second = await handle(new Request(URL, { headers: { cookie: `other=1; ${cookie.split(';')[0]}` } }));

    expect(first.headers.getSetCookie()).toEqual(['a=1', 'b=2', expect.stringMatching(/^__Host-session=[\w-]{43}; /)]);
    expect(await second.text()).toBe('2');
    expect(second.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('gets the request as it came, and whatever else the server passes', async () => {
    const handle = fetchSession(async (request: Request, environment: { name: string }) => new Response(`${await request.text()} ${environment.name}`), {
      store: new MemoryStore(),
    });

    expect(await (await handle(new Request(URL, { method: 'POST', body: 'hello' }), { name: 'Ada' })).text()).toBe('hello Ada');
  });

  test.each([
    ['a redirect', () => Response.redirect('http://localhost:3000/', 302)],
    ['a response without a body', () => new Response(null, { status: 204 })],
    ['a stream', () => new Response(new ReadableStream({ start(stream) { stream.enqueue(new TextEncoder().encode('streamed')); stream.close(); } }))],
  ])('may return %s', async (_, respond) => {
    const { status } = respond();
    const answer = await fetchSession(respond, { store: new MemoryStore() })(new Request(URL));

    expect(answer.status).toBe(status);
    expect(answer.headers.get('session-id')).toMatch(/^[\w-]{43}$/);
  });

  test.each([
    ['Response.error()', () => Response.error()],
    ['the answer to an upgrade', () => Object.defineProperty(new Response(null), 'status', { value: 101 })],
  ])('gets %s back as it is, and the session is saved', async (_, respond) => {
    const store = new MemoryStore();
    const response = respond();
    const handle = fetchSession(() => {
      setSessionData('saved');
      return response;
    }, { store, update: true });

    expect(await handle(new Request(URL, { headers: { 'session-id': 'id' } }))).toBe(response);
    expect((await store.get('id'))?.value).toEqual({ S: 'saved' });
  });

  test('saves nothing if it throws, and the error passes through', async () => {
    const store = new MemoryStore();
    const handle = fetchSession((request) => {
      setSessionData(request.url);
      if (new globalThis.URL(request.url).pathname === '/fail') throw new TypeError('mine');
      return new Response('fine');
    }, { store, update: true, sessionId: () => 'one' });

    await expect(handle(new Request('http://localhost/fail'))).rejects.toThrow(new TypeError('mine'));
    expect(await store.get('one')).toBeUndefined();
  });

  test('finds the session by the option sessionId', async () => {
    const handle = fetchSession(countVisits(), { store: new MemoryStore(), update: true, sessionId: (request) => request.headers.get('x-user') ?? undefined });
    const visit = async (user: string) => (await handle(new Request(URL, { headers: { 'x-user': user } }))).text();

    expect([await visit('ada'), await visit('bob'), await visit('ada')]).toEqual(['1', '1', '2']);
  });

  test('64 requests at the same time see each their own session', async () => {
    const handle = fetchSession(async (request) => {
      const user = request.headers.get('session-id')!;
      const seen = currentSession<string>().data;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      setSessionData(user);
      return new Response(seen ?? user);
    }, { store: new MemoryStore(), update: true });
    const users = Array.from({ length: 64 }, (_, i) => `user-${i}`);
    const visit = (user: string) => handle(new Request(URL, { headers: { 'session-id': user } })).then((answer) => answer.text());

    expect(await Promise.all(users.map(visit))).toEqual(users);
    expect(await Promise.all(users.map(visit))).toEqual(users);
  });
});
