import { behindFaultProxy } from './behind-fault-proxy.js';
import { rejection } from './both-clients.js';
import { createLightweightClient } from '../../../../lambda-runtime/src/dynamodb/client/lightweight-client.js';

const run = behindFaultProxy(createLightweightClient);

afterEach(() => jest.restoreAllMocks());

describe('failures', () => {
  test('an attempt that is not answered is given up for another', async () => {
    run.proxy.next('silence');

    expect((await run.count()).$metadata.attempts).toBe(2);
  });

  test('an answer with a wrong checksum is asked for again', async () => {
    run.proxy.next('answer with a wrong checksum');

    expect((await run.count()).$metadata.attempts).toBe(2);
  });

  test('nobody at the endpoint: the error says where and why', async () => {
    process.env.AWS_ENDPOINT_URL_DYNAMODB = 'http://127.0.0.1:1';
    const error = await rejection(run.count());

    expect(error).toMatchObject({ name: 'DynamoDBTransportError', code: 'ECONNREFUSED', $metadata: { attempts: 4 } });
    expect(error.message).toMatch(/127\.0\.0\.1.*ECONNREFUSED/);
  });
});

describe('abortSignal', () => {
  test('rejects by the name of its reason, which is the cause, and reports how often the request was sent', async () => {
    run.proxy.next('reset before it is applied', 'silence');
    const abort = new AbortController();
    const call = rejection(run.count({ abortSignal: abort.signal }));
    await run.requests(2);
    const reason = new DOMException('no answer within 7 ms', 'TimeoutError');
    abort.abort(reason);

    expect(await call).toMatchObject({
      name: 'TimeoutError',
      message: expect.stringMatching(/^no answer within 7 ms; the last attempt met \w+/),
      cause: reason,
      $metadata: { attempts: 2 },
    });
  });

  test('ends the waiting before a retry', async () => {
    // A wait that no test would live to see the end of.
    jest.spyOn(Math, 'random').mockReturnValue(1000);
    run.proxy.next({ status: 400, error: 'ThrottlingException' }, { status: 400, error: 'ThrottlingException' });

    const error = await rejection(run.count({ abortSignal: AbortSignal.timeout(200) }));
    expect(error).toMatchObject({ name: 'TimeoutError', $metadata: { attempts: 1 } });
    expect(run.proxy.seen).toHaveLength(1);
  });

  test('is left without listeners by a call that has ended', async () => {
    const { signal } = new AbortController();
    const add = jest.spyOn(signal, 'addEventListener');
    const remove = jest.spyOn(signal, 'removeEventListener');
    await run.count({ abortSignal: signal });

    expect(add).toHaveBeenCalled();
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
  });
});
