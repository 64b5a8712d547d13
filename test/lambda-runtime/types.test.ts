import { DynamoDB } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyHandlerV2, APIGatewayProxyResult, Context, Handler, SQSEvent, SQSHandler } from 'aws-lambda';
import { MemoryStore, currentSession, getSessionData, session, setSessionData } from '../../lambda-runtime/src/index.js';
import type { SessionHandler, SessionOptions } from '../../lambda-runtime/src/index.js';

/*
 * Most of this file is checked by the compiler, which the test task runs on it: each `@ts-expect-error` is a case that must
 * not compile. The tests run what does.
 */
interface Cart { items: string[] }

const options = { store: new MemoryStore() };
const context = {} as Context;

test('a handler keeps the types of its event, context and result', async () => {
  const handler = session(async (event: APIGatewayProxyEvent, { awsRequestId }: Context): Promise<APIGatewayProxyResult> =>
    ({ statusCode: 200, body: `${event.path} ${awsRequestId}` }), options);
  const typed: SessionHandler<APIGatewayProxyEvent, Context, Promise<APIGatewayProxyResult>> = handler;
  const result: APIGatewayProxyResult = await typed({ path: '/chat' } as APIGatewayProxyEvent, { awsRequestId: 'r' } as Context);

  // @ts-expect-error an event of another type
  void (() => handler({ path: 1 }));

  expect(result).toMatchObject({ statusCode: 200, body: '/chat r' });
});

test('the handler types of @types/aws-lambda type the event', async () => {
  const http: APIGatewayProxyHandlerV2 = session(async (event) => ({ statusCode: 200, body: event.rawPath.toUpperCase() }), options);
  const queue: SQSHandler = session(async (event) => { setSessionData(event.Records.length); }, options);

  // @ts-expect-error the event has no such field
  const wrong: APIGatewayProxyHandlerV2 = session(async (event) => ({ statusCode: 200, body: event.rawPaht }), options);

  expect([http, queue, wrong]).toHaveLength(3);
});

test('the option sessionId gets the event that the handler gets', async () => {
  const handler = session(async (event: SQSEvent) => event.Records.length, {
    ...options,
    sessionId: (event) => event.Records[0].attributes.MessageGroupId,
  });
  const queue: SQSHandler = session(async (event) => { setSessionData(event.Records.length); }, {
    ...options,
    sessionId: (event) => event.Records[0].messageId,
  });
  session(async (event: SQSEvent) => event.Records.length, {
    ...options,
    // @ts-expect-error an SQS event has no such field
    sessionId: (event) => event.rawPath,
  });
  session(async (event: SQSEvent) => event.Records.length, {
    ...options,
    // @ts-expect-error another type of event
    sessionId: (event: APIGatewayProxyEvent) => event.path,
  });

  expect(await handler({ Records: [{ attributes: { MessageGroupId: 'order-17' } }] } as SQSEvent)).toBe(1);
  expect(queue).toBeInstanceOf(Function);
});

test('options kept apart, for any event, leave the handler its types', async () => {
  const shared: SessionOptions = { ...options, sessionId: ({ id }) => id };
  const handler = session(async (event: { id: string }) => `hello ${event.id}`, shared);

  // @ts-expect-error an event of another type
  void (() => handler({ id: 1 }));

  expect(await handler({ id: 'Ada' })).toBe('hello Ada');
});

test('handlers that are typed already can be wrapped', async () => {
  const inner: Handler<{ name: string }, string> = async ({ name }) => `hello ${name}`;
  const handler = session(inner, options);

  expect(await handler({ name: 'Ada' }, context)).toBe('hello Ada');
});

test('session data is typed by its reader', async () => {
  const handler = session(async () => {
    const cart = getSessionData<Cart>() ?? { items: [] };
    cart.items.push('tea');
    setSessionData<Cart>(cart);
    // @ts-expect-error data may be null
    const first: string = currentSession<Cart>().data.items[0];
    // @ts-expect-error data of another type
    void (() => currentSession<Cart>().set({ items: [1] }));
    return first;
  }, options);

  expect(await handler(null)).toBe('tea');
});

test('a method can be decorated', async () => {
  class Chat {
    readonly greeting = 'hello';

    @session(options)
    async handler(event: { name: string }): Promise<string> {
      return `${this.greeting} ${event.name}, ${currentSession().isNew ? 'new' : 'known'}`;
    }
  }

  expect(await new Chat().handler({ name: 'Ada' })).toBe('hello Ada, new');
});

test('the client of the AWS SDK fits the option as it is', () => {
  const client = new DynamoDB({ region: 'us-east-1' });

  expect(() => session(async () => undefined, { client })).not.toThrow();
  client.destroy();
});
