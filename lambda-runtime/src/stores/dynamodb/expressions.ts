import type { ConditionalWrite } from '../../dynamodb/client/dynamodb-client.js';
import type { AttributeValue } from '../../dynamodb/values/attribute-value.js';
import { numberAttribute } from '../session-row.js';
import type { Change, Creation, Regeneration, SessionRow, Touch } from '../store.js';

/**
 * The writes of the store in DynamoDB's expression language. Every name goes by a placeholder: most of the attributes'
 * names are reserved words, and field names are the user's.
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
  const condition = [isSameLife(change.from, request), ...changeConditions(change, request)].join(' AND ');
  const counter = request.attribute('access_counter');
  const createdAt = request.attribute('created_at');
  const value = () => request.attribute('value');
  const set = [
    `${counter} = if_not_exists(${counter}, ${request.value(numberAttribute(0))}) + ${request.value(numberAttribute(1))}`,
    `${createdAt} = if_not_exists(${createdAt}, ${request.value(numberAttribute(change.now))})`,
  ];
  if (change.value !== undefined) {
    set.push(`${value()} = ${request.value(change.value)}`);
  }
  for (const [field, data] of Object.entries(change.fields?.set ?? {})) {
    set.push(`${value()}.${request.name(field)} = ${request.value(data)}`);
  }
  for (const [name, attribute] of Object.entries(change.attributes ?? {})) {
    set.push(`${request.name(name)} = ${request.value(attribute)}`);
  }
  if (change.expiresAt !== undefined) {
    set.push(`${request.attribute('ttl')} = ${request.value(numberAttribute(change.expiresAt))}`);
  }
  if (change.writeLog !== undefined) {
    set.push(`${request.attribute('write_log')} = ${request.value({ S: change.writeLog })}`);
  }
  const remove = (change.fields?.remove ?? []).map((field) => `${value()}.${request.name(field)}`);
  const update = remove.length === 0 ? `SET ${set.join(', ')}` : `SET ${set.join(', ')} REMOVE ${remove.join(', ')}`;
  return { UpdateExpression: update, ...request.toExpressions(condition) };
}

export function touchExpressions({ from, expiresAt, now }: Touch): UpdateExpressions {
  const request = new Placeholders();
  const ttl = request.attribute('ttl');
  const isLive = `(attribute_not_exists(${ttl}) OR ${ttl} > ${request.value(numberAttribute(now))})`;
  const condition = `${isSameLife(from, request)} AND ${isLive}`;
  return { UpdateExpression: `SET ${ttl} = ${request.value(numberAttribute(expiresAt))}`, ...request.toExpressions(condition) };
}

/** For the row that gives way to one of another key. */
export function departureExpressions({ from }: Regeneration): Expressions {
  const request = new Placeholders();
  return request.toExpressions(`${isSameLife(from, request)} AND ${isStill(from, 'access_counter', request)}`);
}

function changeConditions({ condition, from }: Change, request: Placeholders): string[] {
  const value = () => request.attribute('value');
  switch (condition) {
    case 'any-value': return [];
    case 'no-value': return [`(attribute_not_exists(${value()}) OR attribute_type(${value()}, ${request.value({ S: 'NULL' })}))`];
    case 'map': return [`attribute_type(${value()}, ${request.value({ S: 'M' })})`];
    case 'same-version': return [isStill(from, 'access_counter', request)];
  }
}

/** That the row is there and of the same life. A row without `created_at` is only known by being there. */
function isSameLife(row: SessionRow, request: Placeholders): string {
  return `attribute_exists(${request.attribute('key')}) AND ${isStill(row, 'created_at', request)}`;
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
  attribute(name: 'key' | 'value' | 'created_at' | 'access_counter' | 'ttl' | 'write_log'): string {
    const placeholder = `#${name}`;
    this.names[placeholder] = name;
    return placeholder;
  }

  /** A name of the user's. */
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
