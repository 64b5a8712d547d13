import middy from '@middy/core';
import { getSessionData, setSessionData } from 'cdk-session-table/lambda-runtime';
import { sessions } from 'cdk-session-table/lambda-runtime/middy';

async function countVisit() {
  const visits = (getSessionData<number>() ?? 0) + 1;
  setSessionData(visits);
  return { statusCode: 200, body: `${visits}` };
}

/** `sessions()` comes first: what is used after it finds the session too. */
export const handler = middy(countVisit).use(sessions({ update: true, ttl: 15 * 60 }));
