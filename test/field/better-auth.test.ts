import { MemoryStore } from '../../lambda-runtime/src/index.js';
import { useBundles } from '../fixtures/bundled.js';
import { testWhere } from '../fixtures/every-store.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';

const local = useLocalDynamoDB();
const testFound = testWhere(local.kind === 'DynamoDB Local', 'dynalite does not return the row on which a condition failed');
const bundles = useBundles();
let bundle: any;

beforeAll(() => {
  bundle = bundles.load(`
    export { betterAuth } from './test/field/node_modules/better-auth/dist/index.mjs';
    export { memoryAdapter } from './test/field/node_modules/@better-auth/memory-adapter/dist/index.mjs';
    export { DynamoDBStore } from 'cdk-session-table/lambda-runtime';
    export { secondaryStorage } from 'cdk-session-table/lambda-runtime/better-auth';
  `);
});

const USER = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };

/** better-auth over HTTP's own objects, as a browser with a cookie jar meets it. */
function browser(auth: { handler(request: Request): Promise<Response> }) {
  const jar = new Map<string, string>();
  return async (method: 'GET' | 'POST', path: string, body?: object) => {
    const response = await auth.handler(new Request(`http://localhost:3000/api/auth${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'origin': 'http://localhost:3000',
        'x-forwarded-for': '203.0.113.7',
        'cookie': Array.from(jar, ([name, value]) => `${name}=${value}`).join('; '),
      },
      body: body && JSON.stringify(body),
    }));
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (value === '') jar.delete(name); else jar.set(name, value);
    }
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
}

function authOn(store: unknown, options: object = {}) {
  return bundle.betterAuth({
    baseURL: 'http://localhost:3000',
    secret: 'a secret of at least 32 characters!',
    database: bundle.memoryAdapter({ user: [], account: [], session: [], verification: [] }),
    emailAndPassword: { enabled: true },
    secondaryStorage: bundle.secondaryStorage({ store }),
    telemetry: { enabled: false },
    ...options,
  });
}

describe('better-auth with its sessions on the session table', () => {
  testFound('signs up, signs in, lists the sessions, revokes the others, and signs out', async () => {
    const auth = authOn(new bundle.DynamoDBStore({ tableName: await local.createTable() }));
    const laptop = browser(auth);
    const phone = browser(auth);

    expect(await laptop('POST', '/sign-up/email', USER)).toMatchObject({ status: 200, body: { user: { name: 'Ada' } } });
    expect(await phone('POST', '/sign-in/email', USER)).toMatchObject({ status: 200 });
    expect((await laptop('GET', '/list-sessions')).body).toHaveLength(2);

    expect(await laptop('POST', '/revoke-other-sessions', {})).toMatchObject({ status: 200 });
    expect((await phone('GET', '/get-session')).body).toBeNull();
    expect((await laptop('GET', '/get-session')).body).toMatchObject({ user: { email: USER.email } });

    await laptop('POST', '/sign-out', {});
    expect((await laptop('GET', '/get-session')).body).toBeNull();
  });

  test('limits the rate across functions that share nothing but the table', async () => {
    const store = new MemoryStore();
    const options = { rateLimit: { enabled: true, window: 60, max: 5, storage: 'secondary-storage' } };
    const functions = [browser(authOn(store, options)), browser(authOn(store, options))];
    const answers = await Promise.all(Array.from({ length: 12 }, (_, i) => functions[i % 2]('GET', '/ok')));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
  });
});
