import { albMultiValue } from '../../../lambda-runtime/src/events/alb-multi-value.js';
import { albSingleValue } from '../../../lambda-runtime/src/events/alb-single-value.js';
import { bare } from '../../../lambda-runtime/src/events/bare.js';
import { detectFormat } from '../../../lambda-runtime/src/events/detect-format.js';
import type { EventFormat } from '../../../lambda-runtime/src/events/event-format.js';
import { httpApiV2 } from '../../../lambda-runtime/src/events/http-api-v2.js';
import { restApiV1 } from '../../../lambda-runtime/src/events/rest-api-v1.js';
import { webSocket } from '../../../lambda-runtime/src/events/web-socket.js';
import { albEvent, bareEvent, httpApiV2Event, restApiV1Event, webSocketEvent } from '../../fixtures/events.js';

const respond = (format: EventFormat, result: unknown) => {
  const answer = format.answer(result);
  return answer === undefined ? result : answer.add(HEAD);
};

const HEAD = { headers: { 'session-id': 'the-id' }, cookies: [] };

describe('detection', () => {
  test('knows each format by its events', () => {
    expect(detectFormat(httpApiV2Event())).toBe(httpApiV2);
    expect(detectFormat(restApiV1Event())).toBe(restApiV1);
    expect(detectFormat({ ...restApiV1Event(), version: '1.0' })).toBe(restApiV1);
    expect(detectFormat(albEvent({ headers: {} }))).toBe(albSingleValue);
    expect(detectFormat(albEvent({ multiValueHeaders: {} }))).toBe(albMultiValue);
    expect(detectFormat(webSocketEvent('CONNECT', 'one'))).toBe(webSocket);
    expect(detectFormat(webSocketEvent('MESSAGE', 'one'))).toBe(webSocket);
    expect(detectFormat(webSocketEvent('DISCONNECT', 'one'))).toBe(webSocket);
    expect(detectFormat(bareEvent())).toBe(bare);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a text', 'hello'],
    ['a number', 17],
    ['a connection without phase', { requestContext: { connectionId: 'one' } }],
    ['a connection in a phase that there is not', { requestContext: { connectionId: 'one', eventType: 'constructor' } }],
    ['a connection whose id is no text', { requestContext: { connectionId: 1, eventType: 'MESSAGE' } }],
    ['a v2 event without context', { version: '2.0' }],
    ['a context of another kind', { version: '2.0', requestContext: 'none' }],
  ])('takes %s for a bare event that presents no id', (_, event) => {
    expect(detectFormat(event)).toBe(bare);
    expect(bare.requestHead(event).header('session-id')).toBeUndefined();
  });
});

describe('request headers', () => {
  test.each<[string, unknown, string | undefined]>([
    ['as sent', { 'session-id': 'a' }, 'a'],
    ['in any case', { 'SESSION-Id': 'a' }, 'a'],
    ['not there', { host: 'x' }, undefined],
    ['missing', undefined, undefined],
    ['null', null, undefined],
    ['a text', 'session-id: a', undefined],
    ['a list', ['session-id', 'a'], undefined],
    ['with a list of values, as emulators send them', { 'session-id': ['a', 'b'] }, 'b'],
    ['with a number as value', { 'session-id': 17 }, '17'],
    ['with a value that is no text', { 'session-id': {} }, undefined],
  ])('%s', (_, headers, expected) => {
    expect(httpApiV2.requestHead(httpApiV2Event(headers)).header('session-id')).toBe(expected);
    expect(restApiV1.requestHead(restApiV1Event(headers)).header('session-id')).toBe(expected);
    expect(albSingleValue.requestHead(albEvent({ headers })).header('session-id')).toBe(expected);
    expect(bare.requestHead(bareEvent(headers)).header('session-id')).toBe(expected);
  });

  test.each<[string, unknown, unknown, string | undefined]>([
    ['multi-value only', null, { 'Session-Id': ['a'] }, 'a'],
    ['of several the last, as in API Gateway\'s single-value headers', null, { 'session-id': ['a', 'b'] }, 'b'],
    ['an empty list', { 'session-id': 'single' }, { 'session-id': [] }, 'single'],
    ['a text among the lists', { 'session-id': 'single' }, { 'session-id': 'multi' }, 'multi'],
    ['single-value only', { 'session-id': 'single' }, { host: ['x'] }, 'single'],
  ])('REST API: %s', (_, headers, multiValueHeaders, expected) => {
    expect(restApiV1.requestHead(restApiV1Event(headers, multiValueHeaders)).header('session-id')).toBe(expected);
  });
});

describe.each([['HTTP API v2', httpApiV2], ['REST API v1', restApiV1], ['ALB', albSingleValue], ['WebSocket', webSocket], ['bare', bare]])('%s response', (_, format) => {
  test('gets the header beside those it has', () => {
    expect(respond(format, { statusCode: 201, headers: { 'content-type': 'text/plain' }, body: 'x' }))
      .toEqual({ statusCode: 201, headers: { 'content-type': 'text/plain', 'session-id': 'the-id' }, body: 'x' });
  });

  test('gets headers if it has none', () => {
    expect(respond(format, { statusCode: 204 })).toEqual({ statusCode: 204, headers: { 'session-id': 'the-id' } });
    expect(respond(format, { statusCode: 204, headers: null })).toEqual({ statusCode: 204, headers: { 'session-id': 'the-id' } });
  });

  test('has the header once, whatever its case', () => {
    expect(respond(format, { statusCode: 204, headers: { 'Session-ID': 'of the handler' } }))
      .toEqual({ statusCode: 204, headers: { 'session-id': 'the-id' } });
  });

  test('is a copy: the object of the handler is not changed', () => {
    const headers = Object.freeze({ a: 'b' });
    const result = Object.freeze({ statusCode: 200, headers });

    expect(respond(format, result)).not.toBe(result);
    expect(headers).toEqual({ a: 'b' });
  });
});

describe.each([['REST API v1', restApiV1], ['ALB', albSingleValue], ['WebSocket', webSocket], ['bare', bare]])('%s result', (_, format) => {
  test('with headers but no statusCode gets the header', () => {
    expect(respond(format, { headers: { a: 'b' } })).toEqual({ headers: { 'a': 'b', 'session-id': 'the-id' } });
  });

  test.each<[string, unknown]>([
    ['a text', 'hello'],
    ['a text that looks like JSON', '{hello'],
    ['the JSON of something else', '{"answer":42}'],
    ['JSON that is no object', '[{"statusCode":200}]'],
    ['a number', 42],
    ['null', null],
    ['undefined', undefined],
    ['a list', [{ statusCode: 200 }]],
    ['some other object', { answer: 42 }],
  ])('is returned unchanged: %s', (__, result) => {
    expect(respond(format, result)).toBe(result);
  });
});

describe('the JSON text of a response', () => {
  const text = '{"statusCode":200,"body":"x"}';

  test('in a direct invocation is the response, as in the article, and stays text', () => {
    expect(JSON.parse(respond(bare, text) as string)).toEqual({ statusCode: 200, body: 'x', headers: { 'session-id': 'the-id' } });
  });

  test('from an HTTP API is a body like any other text', () => {
    expect(respond(httpApiV2, text)).toEqual({
      statusCode: 200, headers: { 'content-type': 'application/json', 'session-id': 'the-id' }, body: text, isBase64Encoded: false,
    });
  });

  test.each([['REST API v1', restApiV1], ['ALB', albSingleValue], ['ALB, lists', albMultiValue], ['WebSocket', webSocket]])(
    'elsewhere is refused by the gateway, and returned unchanged: %s', (_, format) => {
      expect(respond(format, text)).toBe(text);
    });
});

test.each([['HTTP API v2', httpApiV2], ['REST API v1', restApiV1], ['ALB', albSingleValue], ['bare', bare]])('%s: a text of three digits is a status', (_, format) => {
  expect(respond(format, { statusCode: '204' })).toEqual({ statusCode: '204', headers: { 'session-id': 'the-id' } });
});

test('HTTP API v2: a word as statusCode, which API Gateway refuses, is returned unchanged', () => {
  const result = { id: 7, statusCode: 'SHIPPED', headers: ['a', 'b'] };

  expect(respond(httpApiV2, result)).toBe(result);
});

test.each<[string, object]>([
  ['a body', { body: 'x' }],
  ['a body that is null', { body: null }],
  ['a body in base64', { body: 'eA==', isBase64Encoded: true }],
  ['a body and a statusCode that is undefined', { statusCode: undefined, body: 'x' }],
  ['lists of headers', { multiValueHeaders: { a: ['b', 'c'] }, body: 'x' }],
])('REST API v1: a response without statusCode gets the header: %s', (_, result) => {
  expect(respond(restApiV1, result)).toEqual({ ...result, headers: { 'session-id': 'the-id' } });
});

test.each<[string, object]>([
  ['no fields', {}],
  ['fields beside those of a response', { body: 'x', answer: 42 }],
  ['a body that is data', { body: { answer: 42 } }],
  ['headers that are data', { headers: ['a', 'b'], body: 'x' }],
])('REST API v1: an object without statusCode is returned unchanged that has %s', (_, result) => {
  expect(respond(restApiV1, result)).toBe(result);
});

test('REST API v1: a multi-value header of the same name gives way', () => {
  const result = { statusCode: 200, multiValueHeaders: { 'Session-Id': ['x'], 'set-cookie': ['a=b', 'c=d'] } };

  expect(respond(restApiV1, result))
    .toEqual({ statusCode: 200, headers: { 'session-id': 'the-id' }, multiValueHeaders: { 'set-cookie': ['a=b', 'c=d'] } });
});

describe('ALB with multi-value headers', () => {
  test.each<[string, unknown, string | undefined]>([
    ['in any case', { 'Session-Id': ['a'] }, 'a'],
    ['of several the last', { 'session-id': ['a', 'b'] }, 'b'],
    ['not there', { host: ['x'] }, undefined],
    ['null', null, undefined],
    ['with a text instead of a list', { 'session-id': 'a' }, 'a'],
    ['with a list of what is not text', { 'session-id': [{}, null] }, undefined],
  ])('reads a header: %s', (_, multiValueHeaders, expected) => {
    expect(albMultiValue.requestHead(albEvent({ multiValueHeaders })).header('session-id')).toBe(expected);
  });

  test('takes headers in lists only', () => {
    expect(respond(albMultiValue, { statusCode: 200, multiValueHeaders: { 'SESSION-ID': ['of the handler'], 'vary': ['a', 'b'] } }))
      .toEqual({ statusCode: 200, multiValueHeaders: { 'vary': ['a', 'b'], 'session-id': ['the-id'] } });
    expect(respond(albMultiValue, { statusCode: 204 })).toEqual({ statusCode: 204, multiValueHeaders: { 'session-id': ['the-id'] } });
  });

  test('returns what is no response unchanged', () => {
    const result = { answer: 42 };

    expect(respond(albMultiValue, result)).toBe(result);
  });
});

test.each<[string, unknown, string]>([
  ['a text', 'hello', 'hello'],
  ['an object', { answer: 42 }, '{"answer":42}'],
  ['an object whose statusCode is undefined', { statusCode: undefined, answer: 42 }, '{"answer":42}'],
  ['JSON text without statusCode', '{"answer":42}', '{"answer":42}'],
  ['an object with headers and no statusCode', { headers: { a: 'b' }, body: 'x' }, '{"headers":{"a":"b"},"body":"x"}'],
  ['a number', 42, '42'],
  ['a list', [1], '[1]'],
  ['null', null, 'null'],
  ['undefined', undefined, 'null'],
])('HTTP API v2: %s becomes the response that API Gateway would have made of it', (_, result, body) => {
  expect(respond(httpApiV2, result)).toEqual({
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'session-id': 'the-id' },
    body,
    isBase64Encoded: false,
  });
});
