import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { SessionDataError, SessionDataTooLargeError, SessionStoreError, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions } from '../../../lambda-runtime/src/index.js';
import { startAnsweringServer } from '../../fixtures/answering-server.js';
import { bareEvent } from '../../fixtures/events.js';
import { describeEveryStore } from '../../fixtures/every-store.js';
import { useLocalDynamoDB } from '../../fixtures/use-local-dynamodb.js';

const SECRET_ID = 'the-id-that-no-error-may-contain';
const local = useLocalDynamoDB();
const environment = { ...process.env };

afterEach(() => { process.env = { ...environment }; });

/** The error of an invocation that presents an id, with all that led to it. */
async function failureOf(handler: () => unknown, options: SessionOptions = {}, context?: object): Promise<Error> {
  try {
    await session(handler, { update: true, ...options })(bareEvent({ 'session-id': SECRET_ID }), context);
  } catch (error) {
    return error as Error;
  }
  throw new Error('the invocation did not fail');
}

function everythingSaid(error: unknown): string {
  return error instanceof Error ? `${error.name} ${error.message} ${error.stack} ${everythingSaid(error.cause)}` : '';
}

const withLeanClient = () => ({});
const withSdk = () => ({ client: new DynamoDB({ maxAttempts: 3 }) });

describe.each([['the lean client', withLeanClient], ['the client of the AWS SDK', withSdk]])('with %s', (_, options) => {
  test('a table that is missing is named, with the error of AWS and what to do', async () => {
    process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME = 'no-such-table';
    const handler = jest.fn();
    const error = await failureOf(handler, options());

    expect(error).toBeInstanceOf(SessionStoreError);
    expect(error.message).toMatch(/^could not load session [0-9a-f]{12} from the table "no-such-table": ResourceNotFoundException: .* \(there is no table of this name/);
    expect(error.cause).toMatchObject({ name: 'ResourceNotFoundException' });
    expect(handler).not.toHaveBeenCalled();
    expect(everythingSaid(error)).not.toContain(SECRET_ID);
  });

  test('access denied is reported as such, with what to do, and not tried again', async () => {
    const server = await startAnsweringServer(400, { __type: 'com.amazon.coral.service#AccessDeniedException', message: 'User is not authorized' });
    process.env.AWS_ENDPOINT_URL_DYNAMODB = server.endpoint;
    process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME = 'sessions';
    const error = await failureOf(() => undefined, options());
    await server.stop();

    expect(error).toBeInstanceOf(SessionStoreError);
    expect(error.message).toMatch(/"sessions": AccessDeniedException: User is not authorized \(attach the function to the table/);
    expect(server.requests()).toBe(1);
  });

  test('throttling to the end is reported as such', async () => {
    const server = await startAnsweringServer(400, { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'Rate exceeded' });
    process.env.AWS_ENDPOINT_URL_DYNAMODB = server.endpoint;
    process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME = 'sessions';
    const error = await failureOf(() => undefined, options());
    await server.stop();

    expect(error).toBeInstanceOf(SessionStoreError);
    expect(error.message).toMatch(/"sessions": ThrottlingException: Rate exceeded \(the table is throttled/);
    expect(server.requests()).toBeGreaterThan(1);
  });

  test('an error that another invocation\'s data leads to at DynamoDB is reported as data too large', async () => {
    const server = await startAnsweringServer(400, { __type: 'com.amazon.coral.validate#ValidationException', message: 'Item size has exceeded the maximum allowed size' });
    process.env.AWS_ENDPOINT_URL_DYNAMODB = server.endpoint;
    process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME = 'sessions';
    const error = await failureOf(() => undefined, options());
    await server.stop();

    expect(error).toBeInstanceOf(SessionDataTooLargeError);
    expect(error.cause).toMatchObject({ name: 'ValidationException' });
  });
});

describe('with the lean client', () => {
  beforeEach(() => { process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME = 'sessions'; });

  test('no credentials: says where they come from and what to do', async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    const error = await failureOf(() => undefined);

    expect(error).toBeInstanceOf(SessionStoreError);
    expect(error.message).toMatch(/"sessions": .*AWS_ACCESS_KEY_ID.*client/s);
  });

  test('a malformed endpoint: names the variable and its value', async () => {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
    process.env.AWS_ENDPOINT_URL = 'not a url';
    const error = await failureOf(() => undefined);

    expect(error).toBeInstanceOf(SessionStoreError);
    expect(error.message).toMatch(/"sessions": .*AWS_ENDPOINT_URL.*not a url/s);
  });

  test('a time limit that ends the retries reports what they met', async () => {
    const server = await startAnsweringServer(500, { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'Rate exceeded' });
    process.env.AWS_ENDPOINT_URL_DYNAMODB = server.endpoint;
    const error = await failureOf(() => undefined, {}, { getRemainingTimeInMillis: () => 900 });
    await server.stop();

    expect(error).toBeInstanceOf(SessionStoreError);
    expect(error.message).toMatch(/TimeoutError: no answer within \d+ ms; the last attempt met ThrottlingException: Rate exceeded/);
  });
});

test('a save that fails fails the invocation: the work of the handler is not reported as saved', async () => {
  const tableName = await local.createTable();
  process.env.SESSION_LAMBDA_DYNAMODB_TABLE_NAME = tableName;
  const administration = new DynamoDB();
  const error = await failureOf(async () => {
    setSessionData('lost');
    await administration.deleteTable({ TableName: tableName });
    return { statusCode: 200 };
  });
  administration.destroy();

  expect(error).toBeInstanceOf(SessionStoreError);
  expect(error.message).toMatch(new RegExp(`^could not save session [0-9a-f]{12} to the table "${tableName}": ResourceNotFoundException`));
});

describeEveryStore(({ open }) => {
  test('data that cannot be held is an error that names its path, and nothing is written', async () => {
    const store = await open();
    const error = await failureOf(() => setSessionData({ cart: { items: [{ price: 1 }, { price: NaN }] } }), { store });

    expect(error).toBeInstanceOf(SessionDataError);
    expect(error.message).toContain('data.cart.items[1].price');
    expect(await store.get(SECRET_ID, { timeLimitMs: 10_000, consistentRead: true })).toBeUndefined();
  });

  test('data beyond 400 KB is an error with both sizes, and nothing is written', async () => {
    const store = await open();
    const error = await failureOf(() => setSessionData('x'.repeat(409_600)), { store });

    expect(error).toBeInstanceOf(SessionDataTooLargeError);
    expect(error.message).toMatch(/takes 409\d{3} bytes, .* at most 409600 \(400 KB\)/);
    expect(await store.get(SECRET_ID, { timeLimitMs: 10_000, consistentRead: true })).toBeUndefined();
  });

  test('data that grows beyond 400 KB is not saved, and what was there stays', async () => {
    const store = await open();
    await session(() => setSessionData({ a: 'x'.repeat(300_000) }), { store })(bareEvent({ 'session-id': SECRET_ID }));
    const error = await failureOf(() => setSessionData({ ...getSessionData<object>(), b: 'x'.repeat(200_000) }), { store });

    expect(error).toBeInstanceOf(SessionDataTooLargeError);
    expect(Object.keys((await store.get(SECRET_ID, { timeLimitMs: 10_000, consistentRead: true }))!.value!.M!)).toEqual(['a']);
  });
});
