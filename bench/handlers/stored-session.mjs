import { getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';
import { sessionData } from './session-data.mjs';

const INITIAL = sessionData(Number(process.env.BENCH_KILOBYTES));

/** A session of so many kB on the table, of which one field changes. Lives long enough not to be renewed during a run. */
export const handler = session(async ({ rawPath }) => {
  const data = getSessionData() ?? INITIAL;
  if (rawPath === '/read') return { statusCode: 200, body: `${data.count}` };
  const count = data.count + 1;
  setSessionData({ ...data, count });
  return { statusCode: 200, body: `${count}` };
}, { update: true, ttl: 24 * 60 * 60 });
