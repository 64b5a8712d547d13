import { getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';

/** Sets what there is already. */
export const handler = session(async () => {
  const count = getSessionData();
  setSessionData(count);
  return { statusCode: 200, body: `${count}` };
}, { update: true, ttl: 900 });
