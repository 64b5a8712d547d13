import { cookieTransport, getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';

export const handler = session(async () => {
  const count = (getSessionData() ?? 0) + 1;
  setSessionData(count);
  return { statusCode: 200, body: `${count}` };
}, { update: true, ttl: 900, transport: cookieTransport() });
