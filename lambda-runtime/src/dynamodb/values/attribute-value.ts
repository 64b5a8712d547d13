/**
 * A value in DynamoDB's own notation: exactly one of the fields is there.
 *
 * @example
 * ```ts
 * import type { AttributeValue } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const cart: AttributeValue = { M: { items: { L: [{ S: 'tea' }] }, total: { N: '4.5' } } };
 * ```
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export interface AttributeValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: Uint8Array;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly M?: Readonly<Record<string, AttributeValue>>;
  readonly L?: readonly AttributeValue[];
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly Uint8Array[];
}

/**
 * The attributes of an item by name.
 *
 * @example
 * ```ts
 * import type { Item } from 'cdk-session-table/lambda-runtime/stores';
 *
 * const item: Item = { key: { S: 'id' }, value: { S: 'hello' } };
 * ```
 */
export type Item = Readonly<Record<string, AttributeValue>>;
