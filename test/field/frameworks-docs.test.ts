import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { httpClient, whileListening } from './http-client';
import { MemoryStore, useStore } from '../../lambda-runtime/src/index.js';
import { useBundles } from '../fixtures/bundled.js';

const page = readFileSync(join(__dirname, '../../docs/frameworks.md'), 'utf8');
const bundles = useBundles();

beforeAll(() => { process.env.SESSION_SECRET = 'a secret for tests of at least 32 characters'; });
afterAll(() => { delete process.env.SESSION_SECRET; });

/** Runs a sample of the page on sessions in memory. */
async function sample(name: string): Promise<any> {
  const code = new RegExp(`\`\`\`js ${name}\n([\\s\\S]*?)\`\`\``).exec(page)![1];
  const bundle = bundles.load(asCommonJs(`
    import { initSessionStore } from 'cdk-session-table/lambda-runtime';
    initSessionStore({ runtime: true });
    ${code}`), 'test/field');
  return bundle.sample === undefined ? bundle : bundle.sample;
}

/** A CommonJS bundle has no top-level await. */
function asCommonJs(code: string): string {
  if (!/^await /m.test(code)) {
    return code;
  }
  const imports = code.match(/^\s*import .*$/gm)!.join('\n');
  const body = code.replace(/^\s*import .*$/gm, '').replace(/^export const (\w+) =/m, 'const $1 = exported.$1 =');
  return `${imports}\nexport const sample = (async () => { const exported = {}; ${body}\nreturn exported; })();`;
}

async function twoVisits(client: ReturnType<typeof httpClient>): Promise<string[]> {
  return [(await client('/')).body, (await client('/')).body];
}

describe('the samples of docs/frameworks.md run', () => {
  test('express-session', async () => {
    const server = createServer((await sample('express')).app);
    await whileListening(server, async () => { expect(await twoVisits(httpClient(server))).toEqual(['1', '2']); });
  });

  test('@fastify/session', async () => {
    const { app } = await sample('fastify');
    await app.ready();
    await whileListening(app.server, async () => { expect(await twoVisits(httpClient(app.server))).toEqual(['1', '2']); });
    await app.close();
  });

  test('React Router', async () => {
    const { getSession, commitSession } = await sample('react-router');
    const session = await getSession(null);
    session.set('user', 'ada');
    const cookie = (await commitSession(session)).split(';')[0];

    expect((await getSession(cookie)).get('user')).toBe('ada');
  });

  test('better-auth', async () => {
    const { auth } = await sample('better-auth');
    const { headers } = await auth.api.signUpEmail({ body: { name: 'Ada', email: 'ada@example.com', password: 'correct horse' }, returnHeaders: true });
    const cookie = headers.getSetCookie().map((line: string) => line.split(';')[0]).join('; ');

    expect(await auth.api.getSession({ headers: new Headers({ cookie }) })).toMatchObject({ user: { name: 'Ada' } });
  });

  test('servers on a port', async () => {
    const { server } = await sample('node');
    await whileListening(server, async () => {
      const { port } = server.address();
      const first = await fetch(`http://127.0.0.1:${port}`);
      const second = await fetch(`http://127.0.0.1:${port}`, { headers: { 'session-id': first.headers.get('session-id')! } });

      expect([await first.text(), await second.text()]).toEqual(['1', '2']);
    });
  });

  test('fetch-style handlers', async () => {
    const { default: server } = await sample('fetch');
    const first = await server.fetch(new Request('http://localhost/'));
    const second = await server.fetch(new Request('http://localhost/', { headers: { 'session-id': first.headers.get('session-id') } }));

    expect([await first.text(), await second.text()]).toEqual(['1', '2']);
  });

  test('and there is no other sample', () => {
    expect(page.match(/^```js.*$/gm)).toEqual(['express', 'fastify', 'react-router', 'better-auth', 'node', 'fetch'].map((name) => `\`\`\`js ${name}`));
  });
});

afterEach(() => useStore(new MemoryStore()));
