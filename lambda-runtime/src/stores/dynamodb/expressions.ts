import type { ConditionalWrite } from '../../dynamodb/client/dynamodb-client.js';
import type { AttributeValue } from '../../dynamodb/values/attribute-value.js';
import { numberAttribute } from '../session-row.js';
import type { SessionRow } from '../session-row.js';
import type { Change, Creation, NewExpiry, Regeneration, Touch } from '../writes.js';

/**
 * The writes of the store in DynamoDB's expression language. Every name goes through a placeholder: most attribute names are
 * reserved words, and field names are chosen by the user.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
 */
export interface Expressions extends ConditionalWrite {
  readonly ConditionExpression: string;
}

export interface UpdateExpressions extends Expressions {
  readonly UpdateExpression: string;
}

export function creationExpressions({ replaces }: Creation): Expressions {
  const request = new Placeholders();
  const isFree = `attribute_not_exists(${request.attribute('key')})`;
  const condition = replaces === undefined
    ? isFree
    : `${isFree} OR (${isStill(replaces, 'created_at', request)} AND ${isStill(replaces, 'access_counter', request)} AND ${isStill(replaces, 'ttl', request)})`;
  return request.toExpressions(condition);
}

export function changeExpressions(change: Change): UpdateExpressions {
  const request = new Placeholders();
  const condition = [isSameLife(change.from, request), isLive(change.now, request), ...changeConditions(change, request)].join(' AND ');
  const counter = request.attribute('access_counter');
  const value = () => request.attribute('value');
  const set = [
    `${counter} = if_not_exists(${counter}, ${request.value(numberAttribute(0))}) + ${request.value(numberAttribute(1))}`,
    ...birth(change, request),
  ];
  if (change.value !== undefined) {
    set.push(`${value()} = ${request.value(change.value)}`);
  }
  for (const [field, data] of Object.entries(change.fields?.set ?? {})) {
    set.push(`${value()}.${request.name(field)} = ${request.value(data)}`);
  }
  set.push(...setAttributes(change, request));
  const expiry = expiryChange(change.expiresAt, request);
  set.push(...expiry.set);
  if (change.writeLog !== undefined) {
    set.push(`${request.attribute('write_log')} = ${request.value({ S: change.writeLog })}`);
  }
  const remove = [...(change.fields?.remove ?? []).map((field) => `${value()}.${request.name(field)}`), ...expiry.remove];
  return { UpdateExpression: updateExpression(set, remove), ...request.toExpressions(condition) };
}

export function touchExpressions(touch: Touch): UpdateExpressions {
  const request = new Placeholders();
  const condition = `${isSameLife(touch.from, request)} AND ${isLive(touch.now, request)}`;
  const { set, remove } = expiryChange(touch.expiresAt, request);
  const attributes = setAttributes(touch, request);
  return { UpdateExpression: updateExpression([...set, ...attributes, ...birth(touch, request)], remove), ...request.toExpressions(condition) };
}

/** For the row that is replaced by a forwarding row. */
export function departureExpressions({ from, now }: Regeneration): Expressions {
  const request = new Placeholders();
  return request.toExpressions(`${isSameLife(from, request)} AND ${isLive(now, request)} AND ${isStillVersion(from, request)}`);
}

/** For a deletion that leaves a forwarding row alone. */
export function destructionExpressions(): Expressions {
  const request = new Placeholders();
  return request.toExpressions(`attribute_not_exists(${request.attribute('moved_to')})`);
}

function updateExpression(set: readonly string[], remove: readonly string[]): string {
  return [...(set.length > 0 ? [`SET ${set.join(', ')}`] : []), ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : [])].join(' ');
}

function setAttributes({ attributes = {} }: Change | Touch, request: Placeholders): string[] {
  return Object.entries(attributes).map(([name, attribute]) => `${request.name(name)} = ${request.value(attribute)}`);
}

function expiryChange(expiresAt: NewExpiry | undefined, request: Placeholders): { readonly set: string[]; readonly remove: string[] } {
  if (expiresAt === undefined) {
    return { set: [], remove: [] };
  }
  const ttl = request.attribute('ttl');
  return expiresAt === 'never' ? { set: [], remove: [ttl] } : { set: [`${ttl} = ${request.value(numberAttribute(expiresAt))}`], remove: [] };
}

/** What a row without `created_at` gets by its first write. */
function birth({ from, now }: Change | Touch, request: Placeholders): string[] {
  if (from.created_at !== undefined) {
    return [];
  }
  const createdAt = request.attribute('created_at');
  return [
    `${createdAt} = if_not_exists(${createdAt}, ${request.value(numberAttribute(now))})`,
    `${request.attribute('adopted')} = ${request.value({ BOOL: true })}`,
  ];
}

function changeConditions({ condition, from }: Change, request: Placeholders): string[] {
  const value = () => request.attribute('value');
  switch (condition) {
    case 'any-value': return [];
    case 'no-value': return [`(attribute_not_exists(${value()}) OR attribute_type(${value()}, ${request.value({ S: 'NULL' })}))`];
    case 'map': return [`attribute_type(${value()}, ${request.value({ S: 'M' })})`];
    case 'same-version': return [isStillVersion(from, request)];
  }
}

/** That the row exists and has the same life. A row that was loaded without `created_at` may have been given it by another write. */
function isSameLife(row: SessionRow, request: Placeholders): string {
  const exists = `attribute_exists(${request.attribute('key')})`;
  if (row.created_at !== undefined) {
    return `${exists} AND ${isStill(row, 'created_at', request)}`;
  }
  const isNotMoved = `attribute_not_exists(${request.attribute('moved_to')})`;
  return `${exists} AND ${isNotMoved} AND (${isStill(row, 'created_at', request)} OR ${request.attribute('adopted')} = ${request.value({ BOOL: true })})`;
}

/** That nobody has saved since, or given the row the creation time that it lacked. */
function isStillVersion(row: SessionRow, request: Placeholders): string {
  const version = isStill(row, 'access_counter', request);
  return row.created_at === undefined ? `${version} AND ${isStill(row, 'created_at', request)}` : version;
}

function isLive(now: number, request: Placeholders): string {
  const ttl = request.attribute('ttl');
  return `(attribute_not_exists(${ttl}) OR ${ttl} > ${request.value(numberAttribute(now))})`;
}

function isStill(row: SessionRow, attribute: 'created_at' | 'access_counter' | 'ttl', request: Placeholders): string {
  const name = request.attribute(attribute);
  const loaded = row[attribute];
  return loaded === undefined ? `attribute_not_exists(${name})` : `${name} = ${request.value(loaded)}`;
}

/** The names and values that the expressions of one request mention. */
class Placeholders {
  private readonly names: Record<string, string> = {};
  private readonly values: Record<string, AttributeValue> = {};
  private count = 0;

  /** One of the item's own attributes. */
  attribute(name: 'key' | 'value' | 'created_at' | 'access_counter' | 'ttl' | 'write_log' | 'adopted' | 'moved_to'): string {
    const placeholder = `#${name}`;
    this.names[placeholder] = name;
    return placeholder;
  }

  /** The name of a field in the session data. */
  name(name: string): string {
    const placeholder = `#n${this.count++}`;
    this.names[placeholder] = name;
    return placeholder;
  }

  value(value: AttributeValue): string {
    const placeholder = `:v${this.count++}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  /** DynamoDB rejects an empty map of values, and a name that no expression mentions. */
  toExpressions(condition: string): Expressions {
    return {
      ConditionExpression: condition,
      ExpressionAttributeNames: this.names,
      ...(Object.keys(this.values).length > 0 && { ExpressionAttributeValues: this.values }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    };
  }
}
