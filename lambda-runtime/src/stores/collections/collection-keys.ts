import { sha256 } from '../../ids/session-id.js';

/*
 * The partition keys of the collections table. What follows the last separator may be any text: nothing follows it.
 */

/** DynamoDB's limit for a partition key, in bytes of UTF-8. */
const LONGEST_KEY = 2048;

/** The key of a conversation of a session, by the session's log id, which holds no `#`. */
export function keyOfLog(logId: string, name: string): string {
  return shortened(`log#${logId}#`, name);
}

/** The key of a conversation that several sessions share. */
export function keyOfRoom(id: string): string {
  return shortened('room#', id);
}

/** The key of the sessions of a user. The item of each is the key of the session's row. */
export function keyOfUser(user: string, isHashed: boolean): string {
  return isHashed ? `user-hash#${sha256(user)}` : shortened('user#', user);
}

/** A name that is too long for a key goes by its hash, under another prefix. */
function shortened(prefix: string, name: string): string {
  const key = prefix + name;
  return Buffer.byteLength(key) <= LONGEST_KEY ? key : `hashed-${prefix}${sha256(name)}`;
}
