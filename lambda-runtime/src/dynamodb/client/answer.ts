import { DynamoDBServiceError, DynamoDBTransportError } from './client-errors.js';
import type { ResponseMetadata, ServiceErrorDetails } from './client-errors.js';
import { crc32 } from './crc32.js';
import type { HttpResponse } from './http-exchange.js';
import type { Item } from '../values/attribute-value.js';
import { decodeBinary, mayHoldBinary } from '../values/binary.js';

/** What DynamoDB's answers may hold, as far as this library asks for it. */
export interface Answer {
  readonly Item?: Item;
  readonly Items?: Item[];
  readonly LastEvaluatedKey?: Item;
}

/** An error, as DynamoDB writes it down. */
interface ErrorAnswer extends ServiceErrorDetails {
  readonly __type?: string;
  readonly message?: string;
  readonly Message?: string;
}

/**
 * The answer in a response.
 *
 * @throws DynamoDBServiceError when it is an error
 * @throws DynamoDBTransportError when the response was damaged on its way
 */
export function readAnswer(response: HttpResponse): Answer {
  const { statusCode, headers, body } = response;
  const checksum = headers['x-amz-crc32'];
  if (checksum !== undefined && Number(checksum) !== crc32(body)) {
    throw damaged('its checksum is wrong');
  }
  const text = body.toString();
  if (statusCode !== 200) {
    throw serviceError(response, text);
  }
  const answer: Answer | undefined = parseJson(text);
  if (answer === undefined) {
    throw damaged('it is not JSON');
  }
  return withBinary(answer, text);
}

/** The part of `$metadata` that a response gives. */
export function responseMetadata({ statusCode, headers }: HttpResponse): ResponseMetadata {
  return { httpStatusCode: statusCode, requestId: headers['x-amzn-requestid'] as string | undefined };
}

function serviceError(response: HttpResponse, text: string): DynamoDBServiceError {
  // What stands between here and DynamoDB, as a proxy, answers with whatever it likes.
  const answer: ErrorAnswer = withBinary(parseJson(text) ?? {}, text);
  const name = answer.__type?.slice(answer.__type.indexOf('#') + 1) ?? 'UnknownError';
  const message = answer.message ?? answer.Message ?? `HTTP status ${response.statusCode} without an explanation`;
  const retryAfterMs = Number(response.headers['x-amz-retry-after']) || undefined;
  return new DynamoDBServiceError(name, message, { ...responseMetadata(response), retryAfterMs }, answer);
}

function withBinary<T extends Answer & ErrorAnswer>(answer: T, text: string): T {
  if (mayHoldBinary(text)) {
    const itemsOfReasons = answer.CancellationReasons?.map(({ Item }) => Item) ?? [];
    for (const item of [answer.Item, answer.LastEvaluatedKey, ...answer.Items ?? [], ...itemsOfReasons]) {
      if (item !== undefined) {
        decodeBinary(item);
      }
    }
  }
  return answer;
}

/** The object that a JSON text holds, `undefined` if it holds none. */
export function parseJson(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function damaged(how: string): DynamoDBTransportError {
  return new DynamoDBTransportError(`the answer was damaged on its way: ${how}`, 'EBADMSG', false);
}
