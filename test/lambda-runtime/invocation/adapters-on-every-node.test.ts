import { execFileSync } from 'node:child_process';
import { useBundles } from '../../fixtures/bundled.js';
import { startLambda } from '../../fixtures/lambda-runtime-api.js';
import { TESTED_NODE_VERSIONS, nodeBinary } from '../../fixtures/node-binaries.js';

// middy has tests like these of its own, in every version: middy.test.ts; streams too: streaming.test.ts.
const ADAPTERS = ['session()', 'session(), decorated', 'sessions() of Hono', 'fetchSession()', 'sessions() of node:http'];
const NONE = 'NoActiveSessionError';

const bundles = useBundles();

describe.each(TESTED_NODE_VERSIONS)('on Node %i', (nodeVersion) => {
  let node: string;
  let seen: Record<string, { sequence: string[]; parallel: string[]; outside: string[] }>;

  beforeAll(async () => {
    node = await nodeBinary(nodeVersion);
    const directory = bundles.bundleText(`
      import { adapterScenarios } from './test/fixtures/adapter-scenarios.ts';
      adapterScenarios().then((seen) => process.stdout.write(JSON.stringify(seen)));
    `);
    seen = JSON.parse(execFileSync(node, ['index.js'], { cwd: directory, encoding: 'utf8' }));
  }, 300_000);

  test.each(ADAPTERS)('every call finds its own session, in sequence and in parallel, and nobody outside finds one: %s', (adapter) => {
    const { sequence, parallel, outside } = seen[adapter];

    expect(sequence).toEqual(['nothing yet,a,a', 'nothing yet,b,b', 'a,a,a']);
    expect(parallel).toEqual(Array.from({ length: 20 }, (_, i) => `nothing yet,p${i},p${i}`));
    expect(outside).toEqual(Array(46).fill(NONE));
  });

  test('in AWS\'s runtime client, no session outlives its invocation, whichever adapter had it', async () => {
    const directory = bundles.bundleText('export { adapterHandler as handler } from \'./test/fixtures/adapter-scenarios.ts\';');
    const lambda = await startLambda({ directory, handler: 'index.handler', nodeBinary: node });
    try {
      for (const adapter of ADAPTERS) {
        const call = (id: string) => lambda.invoke({ adapter, id });

        expect(await call('ada')).toEqual([NONE, 'nothing yet,ada,ada', NONE]);
        expect(await call('eve')).toEqual([NONE, 'nothing yet,eve,eve', NONE]);
        expect(await call('ada')).toEqual([NONE, 'ada,ada,ada', NONE]);
      }
    } finally {
      await lambda.stop();
    }
  });
});
