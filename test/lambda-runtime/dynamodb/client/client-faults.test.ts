import { behindFaultProxy } from './behind-fault-proxy.js';
import { describeBothClients, rejection } from './both-clients.js';
import type { Fault } from '../../../fixtures/fault-proxy.js';

describeBothClients((create) => {
  const run = behindFaultProxy(create);

  test.each<[string, Fault, number]>([
    ['a throttled table', { status: 400, error: 'ProvisionedThroughputExceededException' }, 1],
    ['a throttled account', { status: 400, error: 'ThrottlingException' }, 1],
    ['an error of the service', { status: 500, error: 'InternalServerError' }, 1],
    ['an unavailable service', { status: 503, error: 'ServiceUnavailable' }, 1],
    ['a conflict among replicas', { status: 400, error: 'ReplicatedWriteConflictException' }, 1],
    ['a connection reset before the write', 'reset before it is applied', 1],
    ['a connection reset after the write', 'reset after it is applied', 2],
    ['an answer cut in half', 'answer cut in half', 2],
  ])('goes on after %s and reports two attempts', async (_, fault, timesApplied) => {
    run.proxy.next(fault);
    const output = await run.count();

    expect(output.$metadata.attempts).toBe(2);
    expect(await run.counted()).toBe(timesApplied);
    expect(run.proxy.seen.map((each) => each.fault)).toEqual([fault, 'none', 'none']);
  });

  test('gives up after four attempts, with the error of the last', async () => {
    const fault = { status: 500, error: 'InternalServerError' };
    run.proxy.next(fault, fault, { status: 503, error: 'ServiceUnavailable' }, fault, fault);

    const error = await rejection(run.count());
    expect(error).toMatchObject({ name: 'InternalServerError', $metadata: { attempts: 4, httpStatusCode: 500, requestId: 'FAULT' } });
    expect(run.proxy.seen).toHaveLength(4);
  });

  test.each(['TransactionConflictException', 'TransactionCanceledException', 'AccessDeniedException', 'ValidationException'])(
    'does not retry a %s', async (name) => {
      run.proxy.next({ status: 400, error: name });

      expect(await rejection(run.count())).toMatchObject({ name, message: `made by the test: ${name}`, $metadata: { attempts: 1 } });
      expect(run.proxy.seen).toHaveLength(1);
    });

  test('rejects immediately, without sending, when the signal has already ended', async () => {
    const error = await rejection(run.count({ abortSignal: AbortSignal.abort() }));

    expect(error).toMatchObject({ name: 'AbortError' });
    expect(run.proxy.seen).toHaveLength(0);
  });

  test('ends a call that is never answered by the signal', async () => {
    run.proxy.next('silence');
    const abort = new AbortController();
    const call = rejection(run.count({ abortSignal: abort.signal }));
    await run.requests(1);
    abort.abort();

    expect(await call).toMatchObject({ name: 'AbortError' });
    expect(run.proxy.seen).toHaveLength(1);
  });
});
