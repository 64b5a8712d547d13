import type { LexV2Event, LexV2Result, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { MemoryStore, cookieTransport, currentSession, getSessionData, session, setSessionData } from '../../../lambda-runtime/src/index.js';
import type { SessionOptions, SessionStore } from '../../../lambda-runtime/src/index.js';
import { bareEvent, bedrockAgentEvent, lexV2Event, slackEvent, sqsEvent, webSocketEvent } from '../../fixtures/events.js';
import { describeEveryStore } from '../../fixtures/every-store.js';
import { recording } from '../../fixtures/recording-store.js';

function count(): number {
  const turns = (getSessionData<number>() ?? 0) + 1;
  setSessionData(turns);
  return turns;
}

describeEveryStore(({ open }) => {
  let store: SessionStore;

  beforeEach(async () => { store = await open(); });

  test('Lex: one session for one conversation, and the result as it was', async () => {
    const handler = session(async (event: LexV2Event): Promise<LexV2Result> => ({
      sessionState: { ...event.sessionState, dialogAction: { type: 'Close' } },
      messages: [{ contentType: 'PlainText', content: `turn ${count()}` }],
    }), { store, update: true, sessionId: (event) => `lex:${event.sessionId}` });
    const talk = async (sessionId: string) => await handler(lexV2Event(sessionId) as unknown as LexV2Event) as unknown as LexV2Result;

    expect((await talk('u1')).messages).toEqual([{ contentType: 'PlainText', content: 'turn 1' }]);
    expect((await talk('u2')).messages).toEqual([{ contentType: 'PlainText', content: 'turn 1' }]);
    const result = await talk('u1');
    expect(result.messages).toEqual([{ contentType: 'PlainText', content: 'turn 2' }]);
    expect(Object.keys(result)).toEqual(['sessionState', 'messages']);
  });

  test('Slack: one session for one user of a team', async () => {
    const handler = session(async () => ({ statusCode: 200, body: String(count()) }), {
      store,
      update: true,
      sessionId: (event: { body: string }) => {
        const { team_id: team, event: { user } } = JSON.parse(event.body) as { team_id: string; event: { user: string } };
        return `slack:${team}:${user}`;
      },
    });
    const say = async (user: string) => (await handler(slackEvent('T123', user)) as { body: string }).body;

    expect([await say('U1'), await say('U2'), await say('U1')]).toEqual(['1', '1', '2']);
  });

  test('SQS: one session for one message group, and the batch response as it was', async () => {
    const handler = session(async (_event: SQSEvent): Promise<SQSBatchResponse> => ({ batchItemFailures: count() > 1 ? [{ itemIdentifier: 'x' }] : [] }), {
      store,
      update: true,
      sessionId: (event) => event.Records[0].attributes.MessageGroupId,
    });
    const receive = (group: string) => handler(sqsEvent(group) as unknown as SQSEvent);

    expect(await receive('order-17')).toEqual({ batchItemFailures: [] });
    expect(await receive('order-18')).toEqual({ batchItemFailures: [] });
    expect(await receive('order-17')).toEqual({ batchItemFailures: [{ itemIdentifier: 'x' }] });
  });

  test('Bedrock agents: one session for one session of the agent, and the response as it was', async () => {
    const handler = session(async (event: ReturnType<typeof bedrockAgentEvent>) => ({
      messageVersion: '1.0',
      response: { actionGroup: event.actionGroup, function: event.function, functionResponse: { responseBody: { TEXT: { body: `turn ${count()}` } } } },
    }), { store, update: true, sessionId: (event) => event.sessionId });

    await handler(bedrockAgentEvent('2b3c4d5e-0000-4000-8000-000000000001'));
    expect(await handler(bedrockAgentEvent('2b3c4d5e-0000-4000-8000-000000000001'))).toEqual({
      messageVersion: '1.0',
      response: { actionGroup: 'booking', function: 'book', functionResponse: { responseBody: { TEXT: { body: 'turn 2' } } } },
    });
  });
});

describe('what it returns', () => {
  const idBy = async (sessionId: (event: any) => string | undefined, event: unknown = bareEvent({ 'session-id': 'of-the-header' })) => {
    const handler = session(async () => currentSession().id, { store: new MemoryStore(), sessionId });
    return handler(event);
  };

  test('is the id, whatever the event presents', async () => {
    expect(await idBy(() => 'mine')).toBe('mine');
  });

  test.each([[undefined], [''], ['with space'], ['x'.repeat(2049)], [17 as never]])('begins a fresh session if it cannot be an id: %j', async (id) => {
    expect(await idBy(() => id)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test.each<[string, SessionOptions]>([
    ['clientIds: reject', { clientIds: 'reject' }],
    ['cookies', { transport: cookieTransport() }],
  ])('is not adopted where ids of clients are rejected, if the store does not know it: %s', async (_, options) => {
    const store = new MemoryStore();
    const handler = session(async () => currentSession().id, { store, ...options, sessionId: () => 'mine' });

    expect(await handler(null)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await store.create({ row: { key: { S: 'mine' }, value: { N: '1' } } });
    expect(await handler(null)).toBe('mine');
  });

  test('is hashed with hashIds', async () => {
    const store = new MemoryStore();
    await session(async () => setSessionData(1), { store, hashIds: true, sessionId: () => 'mine' })(null);

    expect(await store.get('mine')).toBeUndefined();
  });
});

test('an error of it passes through, and nothing is called', async () => {
  const store = recording(new MemoryStore());
  const error = new TypeError('no Records');
  const handler = session(async () => undefined, { store, sessionId: () => { throw error; } });

  await expect(handler(null)).rejects.toBe(error);
  expect(store.calls).toEqual([]);
});

test('WebSocket connections are not linked: the event says which session it is', async () => {
  const store = recording(new MemoryStore());
  const handler = session(async () => count(), {
    store,
    update: true,
    sessionId: (event: { requestContext: { connectionId: string } }) => event.requestContext.connectionId,
  });

  expect(await handler(webSocketEvent('CONNECT', 'one'))).toBe(1);
  expect(await handler(webSocketEvent('MESSAGE', 'one'))).toBe(2);
  expect(store.calls).toEqual(['get', 'create', 'get', 'save']);
});

test('an id that comes by a promise is refused: every invocation would have a fresh session', async () => {
  const handler = session(async () => undefined, { store: new MemoryStore(), sessionId: (async () => 'id') as never });

  await expect(handler({})).rejects.toThrow('the option sessionId must return the id immediately, not a promise');
});
