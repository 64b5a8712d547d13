/**
 * The contract between the construct, which makes the table, and the runtime, which reads and writes it.
 * Constants only: this file is compiled into both.
 */

/** The environment variable that holds the table's name for the runtime. */
export const TABLE_NAME_ENVIRONMENT_VARIABLE = 'SESSION_LAMBDA_DYNAMODB_TABLE_NAME';

/** The environment variable that holds the name of the collections table for the runtime. Not set: there is none. */
export const COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE = 'SESSION_LAMBDA_COLLECTIONS_TABLE_NAME';

/** The environment variable that makes the runtime read only. */
export const READ_ONLY_ENVIRONMENT_VARIABLE = 'SESSION_LAMBDA_READ_ONLY';

/** The value to which the construct sets that variable. */
export const READ_ONLY = '1';

/** The values, in lower case, with which the runtime reads and writes, as if the variable were not set. With any other value it only reads. */
export const READ_AND_WRITE: readonly string[] = ['', '0', 'false', 'no', 'off'];

/** The attributes of a session's item. */
export const ATTRIBUTES = {
  /** S, partition key: the session id */
  key: 'key',
  /** any type: the session data, NULL until something is set */
  value: 'value',
  /** N, epoch seconds with milliseconds as fraction: when this life of the session began */
  createdAt: 'created_at',
  /** N: 1 on creation, one more with every save */
  accessCounter: 'access_counter',
  /** N, whole epoch seconds: expiry; DynamoDB's TTL attribute */
  ttl: 'ttl',
  /** S: the newest write tokens of `update(fn)` */
  writeLog: 'write_log',
  /** BOOL, true: the row had no `created_at` until its first write added one */
  adopted: 'adopted',
  /** S, instead of a session, for 60 s: the key of the row that the session has now */
  movedTo: 'moved_to',
  /** BOOL, true: the key is the hash of the session id */
  idHashed: 'id_hashed',
} as const;

/** The attributes of every item on the collections table; the runtime decides what else an item holds. */
export const COLLECTION_ATTRIBUTES = {
  /** S, partition key: what the items belong to, such as a user or a conversation */
  collection: 'collection',
  /** S, sort key: the key of a session's row, or the position of an entry */
  item: 'item',
  /** N, whole epoch seconds: expiry; DynamoDB's TTL attribute */
  ttl: 'ttl',
} as const;
