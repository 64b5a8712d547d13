import { decode } from '../dynamodb/values/attribute-values.js';
import { decodeBinary } from '../dynamodb/values/binary.js';
import { SessionError } from '../errors.js';
import { correlationHash } from '../ids/session-id.js';
import type { SessionDataOf } from '../session/schema.js';
import { readEpochSeconds, readNumber, toDate } from '../stores/session-row.js';
import type { SessionRow } from '../stores/session-row.js';

/** Who deletes what has expired. DynamoDB sets this, and nobody else can. */
const EXPIRY_SERVICE = 'dynamodb.amazonaws.com';

/**
 * A session that DynamoDB has deleted after it expired.
 *
 * @example
 * ```ts
 * import type { ExpiredSession } from 'cdk-session-table/lambda-runtime';
 *
 * function leftInCart({ data }: ExpiredSession<{ items: string[] }>): string[] {
 *   return data?.items ?? [];
 * }
 * ```
 */
export interface ExpiredSession<T = unknown> {
  /** A short hash of the session's key: the one that traces and `util.inspect(session)` show. */
  readonly session: string;
  /** The data as it was saved last; `null` if none was ever set. */
  readonly data: T | null;
  /** Who was signed in; `undefined`: nobody. */
  readonly user: string | undefined;
  /** When the session began; `undefined` for a row made manually without it. */
  readonly createdAt: Date | undefined;
  /** When it expired. DynamoDB deletes it within a few days after that. */
  readonly expiredAt: Date | undefined;
  /** How often it was saved. */
  readonly saves: number;
  /** Identifies the record in the answer to the stream: `{ batchItemFailures: [{ itemIdentifier: sequenceNumber }] }`. */
  readonly sequenceNumber: string;
}

/**
 * What is used of a Lambda event of a DynamoDB stream.
 *
 * @example
 * ```ts
 * import { expiredSessions, type SessionStreamEvent } from 'cdk-session-table/lambda-runtime';
 *
 * // The event of a DynamoDB stream; the type of the package for Lambda's events fits too.
 * const count = (event: SessionStreamEvent): number => [...expiredSessions(event)].length;
 * ```
 */
export interface SessionStreamEvent {
  readonly Records: readonly SessionStreamRecord[];
}

/**
 * One change of the table, as far as it is read here.
 *
 * @example
 * ```ts
 * import type { SessionStreamRecord } from 'cdk-session-table/lambda-runtime';
 *
 * const isRemoval = ({ eventName }: SessionStreamRecord): boolean => eventName === 'REMOVE';
 * ```
 */
export interface SessionStreamRecord {
  readonly eventName?: string;
  readonly userIdentity?: { readonly type?: string; readonly principalId?: string } | any;
  readonly dynamodb?: { readonly OldImage?: object; readonly SequenceNumber?: string };
}

/**
 * The sessions of a stream event that have expired, for a function that `SessionTable.onExpired()` invokes. Leaves out what
 * was deleted by anybody but DynamoDB's TTL, and rows that are not sessions.
 *
 * DynamoDB deletes an expired session within a few days, and the stream reports it at least once: what the handler does must
 * be safe to repeat. An expired session whose client came back before that began again, and is reported with its new life or
 * not at all.
 *
 * @example
 * ```ts
 * import { expiredSessions } from 'cdk-session-table/lambda-runtime';
 * import type { SessionStreamEvent } from 'cdk-session-table/lambda-runtime';
 *
 * export const handler = async (event: SessionStreamEvent) => {
 *   for (const { session, user, expiredAt } of expiredSessions(event)) {
 *     console.log('expired', session, user, expiredAt);
 *   }
 * };
 * ```
 *
 * @throws SessionError if the event is not of a DynamoDB stream that holds old images
 */
export function* expiredSessions<T = unknown>(event: SessionStreamEvent): Generator<ExpiredSession<SessionDataOf<T>>, void> {
  if (!Array.isArray(event?.Records)) {
    throw new SessionError('expiredSessions() takes the event of a DynamoDB stream, got one without Records');
  }
  for (const { eventName, userIdentity, dynamodb } of event.Records as readonly SessionStreamRecord[]) {
    const isExpiry = eventName === 'REMOVE' && userIdentity?.type === 'Service' && userIdentity.principalId === EXPIRY_SERVICE;
    if (isExpiry) {
      const row = rowOf(dynamodb?.OldImage);
      if (isSession(row)) {
        yield expiredSession(row, dynamodb?.SequenceNumber ?? '');
      }
    }
  }
}

/** Lambda passes binary values as base64. The event stays as it is. */
function rowOf(image: object | undefined): SessionRow {
  if (image === undefined) {
    throw new SessionError('the stream holds no old images: switch it on by SessionTable.onExpired(), or with NEW_AND_OLD_IMAGES or OLD_IMAGE');
  }
  const row = JSON.parse(JSON.stringify(image)) as SessionRow;
  decodeBinary(row as Parameters<typeof decodeBinary>[0]);
  return row;
}

/** Links of WebSockets and what frameworks keep have keys that begin with a control character; forwarding rows have moved. */
function isSession({ key, value, created_at: createdAt, access_counter: counter, moved_to: movedTo }: SessionRow): boolean {
  const hasSessionAttributes = value !== undefined || createdAt !== undefined || counter !== undefined;
  return key?.S !== undefined && !key.S.startsWith('\u0001') && movedTo === undefined && hasSessionAttributes;
}

function expiredSession<T>(row: SessionRow, sequenceNumber: string): ExpiredSession<T> {
  const { key, value, user, created_at: createdAt, access_counter: counter, ttl } = row;
  return {
    session: correlationHash(key.S!),
    data: value === undefined ? null : decode(value) as T | null,
    user: user?.S,
    createdAt: toDate(readEpochSeconds(createdAt)),
    expiredAt: toDate(readEpochSeconds(ttl)),
    saves: readNumber(counter) ?? 0,
    sequenceNumber,
  };
}
