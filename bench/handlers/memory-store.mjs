import { getSessionData, MemoryStore, session, setSessionData } from 'cdk-session-table/lambda-runtime';
import { sessionData } from './session-data.mjs';

const INITIAL = sessionData(1);

/** A changed session of 1 kB, without a client. */
export const handler = session(async () => {
  const data = getSessionData() ?? INITIAL;
  setSessionData({ ...data, count: data.count + 1 });
  return { statusCode: 200, body: `${data.count}` };
}, { update: true, ttl: 900, store: new MemoryStore() });
