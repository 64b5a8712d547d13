import { SessionError } from '../errors.js';

/** A place in a conversation: before this entry of the row at this position. */
export interface Cursor {
  readonly position: string;
  /** Counts the entries of the row from 0. */
  readonly index: number;
}

const CURSOR = /^(\d{15}[0-9a-z]{4}[\w-]{8})\.(\d{1,6})$/;

/** The text of a cursor. Holds nothing but the time and the place of an entry. */
export function formatCursor({ position, index }: Cursor): string {
  return Buffer.from(`${position}.${index}`).toString('base64url');
}

/** @throws SessionError if it is no cursor: it may come from a client */
export function parseCursor(text: string): Cursor {
  const [, position, index] = CURSOR.exec(typeof text === 'string' ? Buffer.from(text, 'base64url').toString() : '') ?? [];
  if (position === undefined) {
    throw new SessionError('before must be what a page of the conversation returned as its before');
  }
  return { position, index: Number(index) };
}
