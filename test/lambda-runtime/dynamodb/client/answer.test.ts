import { readAnswer } from '../../../../lambda-runtime/src/dynamodb/client/answer.js';

const response = (statusCode: number, body: string, headers = {}) => ({ statusCode, headers, body: Buffer.from(body) });

function errorOf(statusCode: number, body: string, headers = {}): any {
  try {
    return readAnswer(response(statusCode, body, headers));
  } catch (error) {
    return error;
  }
}

test.each(['{"message":"why"}', '{"Message":"why"}'])('reads the message of an error as DynamoDB spells it: %s', (json) => {
  expect(errorOf(400, json).message).toBe('why');
});

test.each(['com.amazonaws.dynamodb.v20120810#ThrottlingException', 'ThrottlingException'])('takes the name of an error from %s', (__type) => {
  expect(errorOf(400, JSON.stringify({ __type })).name).toBe('ThrottlingException');
});

test.each(['<html>503 Service Unavailable</html>', '', '"text"', 'null', '[]'])('names an error UnknownError, by its status, that says only %p', (body) => {
  expect(errorOf(503, body, { 'x-amzn-requestid': 'ID' })).toMatchObject({
    name: 'UnknownError',
    message: 'HTTP status 503 without an explanation',
    $metadata: { httpStatusCode: 503, requestId: 'ID' },
  });
});

test.each(['{"Item":{"key":{"S":"a', '', '<html>', 'null'])('takes an answer for damaged that is %p', (body) => {
  expect(errorOf(200, body)).toMatchObject({ name: 'DynamoDBTransportError', code: 'EBADMSG' });
});

test('accepts an answer with the right checksum', () => {
  expect(readAnswer(response(200, '{}', { 'x-amz-crc32': '2745614147' }))).toEqual({});
});

test('decodes binary values also of an answer written with spaces', () => {
  expect(readAnswer(response(200, '{ "Item" : { "raw" : { "B" : "AQI=" }, "set" : { "BS" : [ "/w==" ] } } }'))).toEqual({
    Item: { raw: { B: Uint8Array.of(1, 2) }, set: { BS: [Uint8Array.of(255)] } },
  });
});

test('decodes binary values of all items of a query, and of the key where the next page starts', () => {
  const text = '{"Items":[{"a":{"B":"AQI="}},{"b":{"BS":["/w=="]}}],"LastEvaluatedKey":{"k":{"B":"AQI="}}}';
  expect(readAnswer(response(200, text))).toEqual({
    Items: [{ a: { B: Uint8Array.of(1, 2) } }, { b: { BS: [Uint8Array.of(255)] } }],
    LastEvaluatedKey: { k: { B: Uint8Array.of(1, 2) } },
  });
});
