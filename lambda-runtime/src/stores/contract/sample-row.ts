import type { AttributeValue } from '../../dynamodb/values/attribute-value.js';
import type { SessionRow } from '../session-row.js';

/** All times are far in the future: a store may delete what has expired, as DynamoDB does. */
export const CREATED_AT = 4000000000.125;
export const NOW = 4000000100;
const EXPIRES_AT = 4000000900;

export const ADA: AttributeValue = { M: { name: { S: 'Ada' }, visits: { N: '1' } } };

/** A complete row, with these attributes instead of the usual ones. */
export function sampleRow(overrides: Partial<SessionRow> = {}): SessionRow {
  return {
    key: { S: 'the-id' },
    value: ADA,
    created_at: number(CREATED_AT),
    access_counter: number(1),
    ttl: number(EXPIRES_AT),
    ...overrides,
  };
}

/** A row as somebody may have added it manually. */
export const BARE_ROW: SessionRow = { key: { S: 'the-id' } };

/** What the first write adds to such a row. */
export const ADOPTED = { created_at: number(NOW), adopted: { BOOL: true } } as const;

/** What a session leaves under its old key when it moves to `new-id`. */
export const FORWARDING_ROW: SessionRow = { key: { S: 'the-id' }, value: { NULL: true }, moved_to: { S: 'new-id' }, ttl: number(NOW + 60) };

export function number(value: number): AttributeValue {
  return { N: String(value) };
}

export function text(value: string): AttributeValue {
  return { S: value };
}
