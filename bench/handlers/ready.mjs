import { getSessionData, session, sessionStoreReady, setSessionData } from 'cdk-session-table/lambda-runtime';

/** Its module waits for the connection. */
export const handler = session(async ({ rawPath }) => {
  let count = getSessionData() ?? 0;
  if (rawPath !== '/read') setSessionData(++count);
  return { statusCode: 200, body: `${count}` };
}, { update: true, ttl: 900 });

await sessionStoreReady();
