import { execFileSync } from 'node:child_process';
import { useBundles } from '../../fixtures/bundled.js';
import { TESTED_NODE_VERSIONS, nodeBinary } from '../../fixtures/node-binaries.js';

const bundles = useBundles();

describe.each(TESTED_NODE_VERSIONS)('on Node %i', (nodeVersion) => {
  let node: string;
  beforeAll(async () => { node = await nodeBinary(nodeVersion); }, 300_000);

  test('whatever a handler prints with %o, or with everything hidden shown: neither the session id nor the event is in it', () => {
    const directory = bundles.bundleText(`
      import { connect, createServer } from 'node:net';
      import { AsyncResource, executionAsyncResource } from 'node:async_hooks';
      import { format, inspect } from 'node:util';
      import {
        MemoryStore, conversation, currentSession, getSessionData, session, sessionsOf, setSessionData, useSessionIdFromSeed,
      } from 'cdk-session-table/lambda-runtime';

      const thrown = (call) => { try { call(); } catch (error) { return error; } };

      const handler = session(async (event, context) => {
        setSessionData('some data');
        const timer = setTimeout(() => undefined, 0);
        const server = createServer().listen(0);
        const socket = connect(server.address().port);
        const things = [
          Promise.resolve(1), new Promise(() => undefined), (async () => null)(), timer, setImmediate(() => undefined), server, socket,
          new AsyncResource('OWN'), executionAsyncResource(), currentSession(), currentSession().update(() => 'more'), getSessionData,
          thrown(() => currentSession().unknown()), globalThis[Symbol.for('cdk-session-table/runtime@1')]['running-invocation'],
          conversation(), conversation({ id: 'room' }), conversation().recent(1), conversation()[Symbol.asyncIterator](), sessionsOf('ada'), sessionsOf('ada').list(),
        ];
        await currentSession().update(() => 'more');
        const seeding = useSessionIdFromSeed('room');
        await seeding;
        const printed = [
          ...things.map((thing) => format('%o', thing)),
          ...[...things, seeding].map((thing) => inspect(thing, { showHidden: true, depth: 20, customInspect: false, maxArrayLength: null, maxStringLength: null })),
        ];
        socket.destroy();
        server.close();
        return printed.join('\\n');
      }, { store: new MemoryStore(), update: true });

      const promise = handler({ headers: { 'session-id': 'the-session-id', cookie: 'the-cookie' } });
      const outside = inspect(promise, { showHidden: true, depth: 20 });
      promise.then((inside) => process.stdout.write(outside + inside));
    `);
    const printed = execFileSync(node, ['index.js'], { cwd: directory, encoding: 'utf8' });

    expect(printed).toContain('Promise {');
    expect(printed).not.toMatch(/the-session-id|the-cookie/);
  });
});
