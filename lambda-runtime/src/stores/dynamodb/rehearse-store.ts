import type { SessionRow, SessionStore } from '../store.js';

const ROW: SessionRow = {
  key: { S: 'rehearsal' },
  value: { M: { text: { S: 'a' }, number: { N: '1' }, list: { L: [{ BOOL: true }] } } },
  created_at: { N: '1767225600.123' },
  access_counter: { N: '1' },
  ttl: { N: '1767226500' },
};

const LIMIT = { timeLimitMs: 1000 };

/**
 * Reads and saves a session of a store that is not really there, so that the code of both has run once.
 *
 * @param storeAnswering makes the store, by what it answers
 */
export async function rehearseStore(storeAnswering: (json: string) => SessionStore): Promise<void> {
  await storeAnswering(JSON.stringify({ Item: ROW })).get('rehearsal', { ...LIMIT, consistentRead: true });
  const fields = { set: { number: { N: '2' } }, remove: [] };
  await storeAnswering('{}').save({ from: ROW, condition: 'map', fields, expiresAt: 1767226501, now: 1767225601 }, LIMIT);
}
