import { encodeEntries } from './entry-rows.js';
import type { Log } from './log.js';
import type { AttributeValue } from '../dynamodb/values/attribute-value.js';
import { equal } from '../dynamodb/values/attribute-values.js';
import { SessionConflictError, SessionError } from '../errors.js';
import { sha256 } from '../ids/session-id.js';
import { pauseBeforeRetry } from '../platform/pause.js';
import { isText } from '../platform/text.js';
import type { CollectionItem, CollectionWrite, FailedCollectionWrite } from '../stores/collections/collections-store.js';

/**
 * A change of a conversation that is applied once.
 *
 * @example
 * ```ts
 * import { conversation } from 'cdk-session-table/lambda-runtime';
 * import type { ConversationChange } from 'cdk-session-table/lambda-runtime';
 *
 * // Replaces the newest entry, once, however often the request is repeated.
 * const change: ConversationChange<string> = { replace: ['helo'], by: ['hello'] };
 * await conversation<string>().applyOnce('request-4711', change);
 * ```
 */
export type ConversationChange<T> =
  /** Appends entries. */
  | { readonly append: readonly T[] }
  /** Replaces the newest entries, if they are exactly these. */
  | { readonly replace: readonly T[]; readonly by: readonly T[] };

/**
 * The change in DynamoDB's notation.
 *
 * @throws SessionDataError if DynamoDB cannot hold an entry; SessionError for an operation id or a change that is none
 */
export function encodeChange(operationId: string, change: ConversationChange<unknown>): ConversationChange<AttributeValue> {
  if (!isText(operationId) || operationId.trim() === '') {
    throw new SessionError('the operation id must be a text that is not empty and has no unpaired surrogates');
  }
  const { append, replace, by } = (change ?? {}) as { readonly [list: string]: readonly unknown[] | undefined };
  if (Array.isArray(append)) {
    return { append: encodeEntries(append) };
  }
  if (!Array.isArray(replace) || !Array.isArray(by)) {
    throw new SessionError('a change of a conversation must have a list of entries to append, or to replace and one by which');
  }
  return { replace: encodeEntries(replace), by: encodeEntries(by) };
}

/** A transaction has at most 100 items, of which one is the record. */
const MOST_ROWS = 99;

/** Applies a change in one atomic step with the record that it was applied. */
export async function changeOnce(log: Log, operationId: string, change: ConversationChange<AttributeValue>): Promise<void> {
  const record = recordOf(log, operationId, change);
  for (let round = 0; ; round++) {
    const writes = 'append' in change ? appending(log, change.append) : await replacing(log, change.replace, change.by);
    if (writes === undefined) {
      await refuseUnlessRecorded(log, record);
      return;
    }
    const result = await log.store.write([{ put: record, over: 'nothing' }, ...writes], log.access.limits());
    if (result.written || isRecordedAlready(result, record)) {
      return;
    }
    await pauseBeforeRetry(round);
  }
}

function recordOf(log: Log, operationId: string, change: ConversationChange<AttributeValue>): CollectionItem {
  return {
    collection: { S: log.collection },
    item: { S: `operation#${sha256(operationId)}` },
    change: { S: sha256(canonical(change)) },
    ...log.expiry,
  };
}

/** @throws SessionConflictError if the change was not applied before */
async function refuseUnlessRecorded(log: Log, record: CollectionItem): Promise<void> {
  const { items: [found] } = await log.store.query({ collection: log.collection, descending: true, from: `${record.item.S}!`, limit: 1 }, log.reading);
  if (found?.item.S !== record.item.S || !isSameChange(found!, record)) {
    throw new SessionConflictError('the newest entries of the conversation are not those that the change replaces; nothing was changed');
  }
}

function isRecordedAlready({ failures }: FailedCollectionWrite, record: CollectionItem): boolean {
  const recorded = failures.find(({ index }) => index === 0);
  return recorded?.found !== undefined && isSameChange(recorded.found, record);
}

/** @throws SessionConflictError if another change was recorded under this operation id */
function isSameChange(found: CollectionItem, record: CollectionItem): boolean {
  if (!equal(found.change, record.change)) {
    throw new SessionConflictError('this operation id was used for another change of the conversation before; nothing was changed');
  }
  return true;
}

function appending(log: Log, entries: readonly AttributeValue[]): CollectionWrite[] {
  return entries.length === 0 ? [] : [{ put: log.rowFor(entries) }];
}

/**
 * Puts the replacement where replaced entries were, so that what others append meanwhile comes after it: into a row of its own if
 * there is one, as its expiry is later than that of older entries. Nothing if the newest entries are others than expected.
 */
async function replacing(
  log: Log, expected: readonly AttributeValue[], replacement: readonly AttributeValue[],
): Promise<CollectionWrite[] | undefined> {
  if (expected.length === 0) {
    return appending(log, replacement);
  }
  const rows = (await log.newest(expected.length)).reverse();
  const entries = rows.flatMap((found) => found.entries);
  const kept = entries.slice(0, Math.max(0, entries.length - expected.length));
  if (!equal({ L: entries.slice(kept.length) }, { L: expected })) {
    return undefined;
  }
  if (rows.length > MOST_ROWS) {
    throw new SessionError(`a change can replace entries of at most ${MOST_ROWS} appends, these are of ${rows.length}; nothing was changed`);
  }
  const place = kept.length > 0 && rows.length > 1 ? 1 : 0;
  return rows.map(({ row }, index) => {
    const left = index === 0 ? kept : [];
    const changed = index === place && replacement.length > 0 ? log.renewed(row, [...left, ...replacement]) : log.changed(row, left).row;
    return { put: changed, over: row };
  });
}

/** The attributes of a value that is a set, whose members have no order. */
const SETS = ['SS', 'NS', 'BS'];

/** The same text for values that are equal. */
function canonical(value: object): string {
  return JSON.stringify(value, (name, part: unknown) => {
    if (part instanceof Uint8Array) {
      return Buffer.from(part).toString('base64');
    }
    if (SETS.includes(name) && Array.isArray(part)) {
      return part.map((member: string | Uint8Array) => (typeof member === 'string' ? member : Buffer.from(member).toString('base64'))).sort();
    }
    return typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part;
  });
}
