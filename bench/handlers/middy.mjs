import middy from '@middy/core';
import { getSessionData, setSessionData } from 'cdk-session-table/lambda-runtime';
import { middySession } from 'cdk-session-table/lambda-runtime/middy';

export const handler = middySession(middy(async () => {
  const count = (getSessionData() ?? 0) + 1;
  setSessionData(count);
  return { statusCode: 200, headers: {}, body: `${count}` };
}), { update: true, ttl: 900 });
