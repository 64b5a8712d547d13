import { statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ENTRIES, pathOfEntry } from '../lambda-runtime/entries';

export interface Peer {
  /** As shown in tables. */
  readonly name: string;
  /** Short, and fit for a file's name. */
  readonly id: string;
  /** Its file in bench/peers. */
  readonly entry: string;
  readonly format: 'esm' | 'cjs';
  /** The partition key of its table. */
  readonly keyAttribute: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Packages that are left out of its bundle, because it never loads them. */
  readonly external?: readonly string[];
}

const RUNTIME = join(__dirname, '..', 'lambda-runtime', 'lib', 'esm');

/** The runtime as it is built. */
export const RUNTIME_ALIASES: Record<string, string> = Object.fromEntries(Object.entries(ENTRIES)
  .map(([entry, file]) => [`cdk-session-table/${pathOfEntry(entry)}`, join(RUNTIME, `${file}.js`)]));

const SECRET = 'not-secret-only-for-the-benchmark-of-sessions';

export const PEERS: readonly Peer[] = [
  {
    name: 'cdk-session-table',
    id: 'cdk-session-table',
    entry: 'cdk-session-table.mjs',
    format: 'esm',
    keyAttribute: 'key',
  },
  {
    name: 'floor: Node alone, not signed',
    id: 'floor',
    entry: 'floor.mjs',
    format: 'esm',
    keyAttribute: 'key',
  },
  {
    name: 'AWS SDK manually, tuned',
    id: 'aws-sdk-tuned',
    entry: 'aws-sdk-tuned.mjs',
    format: 'esm',
    keyAttribute: 'key',
  },
  {
    name: 'AWS SDK manually',
    id: 'aws-sdk',
    entry: 'aws-sdk.mjs',
    format: 'cjs',
    keyAttribute: 'key',
  },
  {
    name: 'hono-sessions, own DynamoDB store',
    id: 'hono-sessions',
    entry: 'hono-sessions.mjs',
    format: 'esm',
    keyAttribute: 'key',
    environment: { SESSION_SECRET: SECRET },
  },
  {
    name: '@architect/functions',
    id: 'architect',
    entry: 'architect.mjs',
    format: 'cjs',
    keyAttribute: '_idx',
    // As Architect deploys it. It looks the table up, see stackParameters().
    environment: {
      ARC_APP_NAME: 'bench',
      ARC_APP_SECRET: SECRET,
      ARC_ENV: 'production',
      ARC_SESSION_TABLE_NAME: 'sessions',
      ARC_STACK_NAME: 'BenchProduction',
    },
    external: ['aws-sdk', '@aws-sdk/*', '@smithy/*'],
  },
  {
    name: 'express-session, connect-dynamodb, serverless-http',
    id: 'express',
    entry: 'express.mjs',
    format: 'cjs',
    keyAttribute: 'id',
    environment: { SESSION_SECRET: SECRET },
  },
];

/** The `x-amz-target` of the call by which @architect/functions finds its tables. */
export const STACK_PARAMETERS_TARGET = 'AmazonSSM.GetParametersByPath';

/** What Systems Manager answers to that call, as `application/x-amz-json-1.1`. */
export function stackParameters(tableName: string): string {
  const name = '/BenchProduction/tables/sessions';
  return JSON.stringify({
    Parameters: [{
      ARN: `arn:aws:ssm:us-east-1:123456789012:parameter${name}`,
      DataType: 'text',
      LastModifiedDate: 1767225600,
      Name: name,
      Type: 'String',
      Value: tableName,
      Version: 1,
    }],
  });
}

/** Bundles and minifies the peer into a directory as `index.mjs` or `index.cjs`; returns the file and its size. */
export function bundlePeer(peer: Peer, directory: string): { file: string; bytes: number } {
  const file = join(directory, peer.format === 'esm' ? 'index.mjs' : 'index.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'peers', peer.entry)],
    outfile: file,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: peer.format,
    alias: RUNTIME_ALIASES,
    external: [...peer.external ?? []],
    ...(peer.format === 'esm' && { mainFields: ['module', 'main'] }),
    logLevel: 'error',
  });
  return { file, bytes: statSync(file).size };
}

const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export interface Answer {
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly cookies?: readonly string[];
}

/** The next event of a client that got this answer: it takes over the session id and the cookies. */
export function eventAfter(answer: Answer = {}): object {
  const headers = Object.fromEntries(Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), `${value}`]));
  const setCookies = [...answer.cookies ?? [], ...'set-cookie' in headers ? [headers['set-cookie']] : []];
  const cookies = setCookies.map((cookie) => cookie.split(';')[0]);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/',
    rawQueryString: '',
    ...(cookies.length > 0 && { cookies }),
    headers: {
      'accept': '*/*',
      'accept-encoding': 'gzip, deflate, br',
      'host': 'api.execute-api.us-east-1.amazonaws.com',
      'user-agent': USER_AGENT,
      'x-amzn-trace-id': 'Root=1-6956a200-0123456789abcdef01234567',
      'x-forwarded-for': '203.0.113.7',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
      ...('session-id' in headers && { 'session-id': headers['session-id'] }),
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'api',
      http: { method: 'GET', path: '/', protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: USER_AGENT },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage: '$default',
      time: '01/Jan/2026:00:00:00 +0000',
      timeEpoch: 1767225600000,
    },
    isBase64Encoded: false,
  };
}
