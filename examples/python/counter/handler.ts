import { getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';

export const handler = session(async () => {
  const visits = (getSessionData<number>() ?? 0) + 1;
  setSessionData(visits);
  return { statusCode: 200, body: `${visits} visits, greeted by TypeScript` };
}, { update: true, ttl: 15 * 60 });
