import { readAnswer } from '../../../../lambda-runtime/src/dynamodb/client/answer.js';
import { DynamoDBServiceError } from '../../../../lambda-runtime/src/dynamodb/client/client-errors.js';
import { withRetries } from '../../../../lambda-runtime/src/dynamodb/client/retry.js';

afterEach(() => jest.restoreAllMocks());

/** How long the call waited before its only retry. */
async function waitAfter(error: unknown): Promise<number> {
  const start = performance.now();
  await withRetries(async (retries) => {
    if (retries === 0) throw error;
  }, undefined);
  return performance.now() - start;
}

function throttled(retryAfter: string | undefined): unknown {
  try {
    return readAnswer({
      statusCode: 400,
      headers: retryAfter === undefined ? {} : { 'x-amz-retry-after': retryAfter },
      body: Buffer.from('{"__type":"#ThrottlingException","message":"slow down"}'),
    });
  } catch (error) {
    return error;
  }
}

test('waits at least as long as x-amz-retry-after says, in milliseconds', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(0);

  expect(throttled('300')).toBeInstanceOf(DynamoDBServiceError);
  expect(await waitAfter(throttled('300'))).toBeGreaterThanOrEqual(295);
});

test.each([undefined, 'soon', '-1', ''])('does not wait for x-amz-retry-after: %p', async (value) => {
  jest.spyOn(Math, 'random').mockReturnValue(0);

  expect((throttled(value) as DynamoDBServiceError).$metadata.retryAfterMs ?? 0).toBeLessThanOrEqual(0);
  await waitAfter(throttled(value));
});

test('waits at most 5 seconds longer than it would have anyway', async () => {
  jest.spyOn(Math, 'random').mockReturnValue(0);

  await expect(withRetries(async () => { throw throttled('3600000'); }, AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
});
