import type { Socket } from 'node:net';
import { configuredStore, useWarmClient } from './configured-store.js';
import { TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../../src/shared-with-runtime/table-schema.js';
import { createLightweightClient } from '../dynamodb/client/lightweight-client.js';
import { established } from '../dynamodb/client/open-ahead.js';
import { processWide } from '../platform/process-wide.js';
import { DynamoDBStore } from '../stores/dynamodb/dynamodb-store.js';
import type { SessionStore } from '../stores/store.js';

/** Runs once what invocations do, with a store that is not really there, made by what it answers. */
export type Rehearsal = (storeAnswering: (json: string) => SessionStore) => Promise<void>;

/**
 * Makes the first invocation cheaper: while Lambda initialises the function, at full speed, everything is loaded and run once
 * that a first call to DynamoDB needs, and a connection is opened in the background. A connection and keys of the moment only
 * where the first invocation follows immediately (on-demand): what is frozen in between, or copied by a snapshot, would be of no use.
 *
 * Does nothing outside Lambda, where another store is configured, and with `SESSION_LAMBDA_WARM_UP=off`. It starts when the
 * module that called `session()` has run, so that it sees an `initSessionStore()` there; it never fails, logs or waits.
 */
export function warmUpOnce(rehearse: Rehearsal): void {
  if (isWanted() && !warmUp().isDone) {
    warmUp().isDone = true;
    queueMicrotask(() => {
      if (configuredStore() === undefined) {
        warmUpNow(rehearse);
      }
    });
  }
}

/**
 * Waits until the connection is open that `session()` has begun to open in the background, so that its TLS handshake is done while
 * Lambda still initialises the function, at full speed, and not by the first invocation. For the end of an ES module.
 *
 * It takes as long as connecting to DynamoDB does, some milliseconds, and at most a second. It never fails: if the connection
 * cannot be opened, the first invocation tries again. Resolves immediately where none is being opened: outside Lambda, with
 * provisioned concurrency or SnapStart, with another store or client, and with `SESSION_LAMBDA_WARM_UP=off`.
 *
 * @example
 * ```ts
 * import { session, sessionStoreReady } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = session(async () => ({ statusCode: 200 }), { update: true, ttl: 900 });
 *
 * await sessionStoreReady();
 * ```
 */
export async function sessionStoreReady(): Promise<void> {
  await Promise.resolve(); // it begins in a microtask
  const { connection } = warmUp();
  if (connection !== undefined) {
    await established(connection);
  }
}

function warmUp(): { isDone: boolean; connection?: Socket } {
  return processWide('warm-up', () => ({ isDone: false }));
}

function isWanted(): boolean {
  const { AWS_LAMBDA_RUNTIME_API, AWS_LAMBDA_INITIALIZATION_TYPE, SESSION_LAMBDA_WARM_UP = '' } = process.env;
  const isInLambda = !!AWS_LAMBDA_RUNTIME_API && !!AWS_LAMBDA_INITIALIZATION_TYPE;
  const isSwitchedOff = ['off', '0', 'false', 'no'].includes(SESSION_LAMBDA_WARM_UP.toLowerCase());
  return isInLambda && !isSwitchedOff && !!process.env[TABLE_NAME_ENVIRONMENT_VARIABLE];
}

function warmUpNow(rehearse: Rehearsal): void {
  const isInvokedAtOnce = process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'on-demand';
  const client = createLightweightClient();
  useWarmClient(client);
  const hasKeys = process.env.AWS_ACCESS_KEY_ID && process.env.AWS_SECRET_ACCESS_KEY;
  const credentials = isInvokedAtOnce && hasKeys ? undefined : { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' };
  try {
    if (isInvokedAtOnce) {
      warmUp().connection = client.connect();
    }
    // Whatever is wrong is met again, and reported, by the first call.
    rehearse((answer) => new DynamoDBStore({ tableName: 'rehearsal', client: client.rehearsal(answer, credentials) })).catch(() => undefined);
  } catch {
    // As above: a region or an endpoint that cannot be used is an error of the first call, which says what to do.
  }
}
