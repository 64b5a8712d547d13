import { getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';

export const handler = session(async ({ rawPath }) => {
  let count = getSessionData() ?? 0;
  if (rawPath !== '/read') setSessionData(++count);
  return { statusCode: 200, body: `${count}` };
}, { update: true, ttl: 900 });
