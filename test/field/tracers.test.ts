import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleSource } from '../fixtures/bundle-source.js';
import { FaultProxy } from '../fixtures/fault-proxy.js';
import { temporaryDirectory } from '../fixtures/temporary-directory.js';
import { useLocalDynamoDB } from '../fixtures/use-local-dynamodb.js';

/*
 * The real packages of tracers, loaded before the handler as they are in Lambda. Nothing but the runtime's client loads node:http
 * here, unless the tracer does itself: a tracer must not depend on somebody else for patching it.
 */

interface Tracer {
  readonly setup: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** The headers by which it passes its trace on. */
  readonly headers: readonly string[];
}

const TRACERS: Readonly<Record<string, Tracer>> = {
  'OpenTelemetry\'s instrumentation-http': { setup: 'opentelemetry.cjs', headers: ['traceparent'] },
  // It leaves signed requests to AWS alone.
  'dd-trace': { setup: 'datadog.cjs', environment: { AWS_LAMBDA_FUNCTION_NAME: 'fn', DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false', DD_SERVICE: 'test' }, headers: [] },
  'Elastic APM': { setup: 'elastic.cjs', headers: ['traceparent', 'tracestate'] },
  'New Relic': {
    setup: 'new-relic.cjs',
    environment: {
      NEW_RELIC_NO_CONFIG_FILE: 'true',
      NEW_RELIC_APP_NAME: 'test',
      NEW_RELIC_SERVERLESS_MODE_ENABLED: 'true',
      NEW_RELIC_LOG_ENABLED: 'false',
      NEW_RELIC_DISTRIBUTED_TRACING_ENABLED: 'true',
      NEW_RELIC_ACCOUNT_ID: '1',
      NEW_RELIC_TRUSTED_ACCOUNT_KEY: '1',
      NEW_RELIC_PRIMARY_APPLICATION_ID: '1',
    },
    headers: ['traceparent', 'newrelic'],
  },
  'X-Ray': { setup: 'x-ray.cjs', environment: { AWS_XRAY_LOG_LEVEL: 'silent' }, headers: ['x-amzn-trace-id'] },
};

const HANDLER = `
  import { getSessionData, session, setSessionData } from './lambda-runtime/src/index.js';
  const handler = session(async () => {
    setSessionData((getSessionData() ?? 0) + 1);
    return { statusCode: 200, body: String(getSessionData()) };
  }, { update: true });
  async function main() {
    const bodies = [];
    await globalThis.tracer.run(async () => {
      for (let i = 0; i < 2; i++) bodies.push((await handler({ headers: { 'session-id': 'visitor' } })).body);
    });
    console.log('RESULT' + JSON.stringify({ bodies, spans: await globalThis.tracer.spans() }));
  }
  main();
`;

const directory = temporaryDirectory();
const local = useLocalDynamoDB();

function bundle(format: 'esm' | 'cjs'): string {
  const outfile = join(directory, `handler.${format === 'esm' ? 'mjs' : 'cjs'}`);
  bundleSource(HANDLER, format, outfile);
  return outfile;
}

const signedHeaders = (authorization: string | undefined) => /SignedHeaders=([^,]+)/.exec(authorization!)![1].split(';');

describe.each(['esm', 'cjs'] as const)('bundled as %s', (format) => {
  let bundled: string;
  beforeAll(() => { bundled = bundle(format); });

  test.each(Object.entries(TRACERS))('%s sees every call, and none fails', async (_, { setup, environment, headers }) => {
    const proxy = await FaultProxy.start(local.endpoint);
    const { stdout } = await promisify(execFile)(process.execPath, ['--require', join(__dirname, 'tracers', setup), bundled], {
      env: {
        ...process.env,
        ...environment,
        NODE_OPTIONS: '',
        AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
        SESSION_LAMBDA_DYNAMODB_TABLE_NAME: await local.createTable(),
      },
      maxBuffer: 10_000_000,
    });
    await proxy.stop();

    const { bodies, spans } = JSON.parse(/^RESULT(.*)$/m.exec(stdout)![1]);
    expect(bodies).toEqual(['1', '2']);
    expect(proxy.seen.map(({ operation }) => operation)).toEqual(['GetItem', 'PutItem', 'GetItem', 'UpdateItem']);
    expect(spansIn(stdout, spans)).toBe(4);
    for (const { headers: received } of proxy.seen) {
      expect(Object.keys(received)).toEqual(expect.arrayContaining([...headers]));
      expect(signedHeaders(received.authorization)).toEqual(['content-type', 'host', 'x-amz-date', 'x-amz-target']);
    }
  }, 60_000);
});

/** How many spans of requests there are: those that the tracer holds, or those that it wrote to the log. */
function spansIn(stdout: string, spans: readonly unknown[]): number {
  const logged = stdout.split('\n').filter((line) => line.startsWith('{"traces"')).flatMap((line) => JSON.parse(line).traces.flat());
  return spans.length + logged.filter(({ type }) => type === 'http').length;
}
