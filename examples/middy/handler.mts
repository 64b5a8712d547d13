import middy from '@middy/core';
import { getSessionData, setSessionData } from 'cdk-session-table/lambda-runtime';
import { middySession } from 'cdk-session-table/lambda-runtime/middy';

async function countVisit() {
  const visits = (getSessionData<number>() ?? 0) + 1;
  setSessionData(visits);
  return { statusCode: 200, body: `${visits}` };
}

/** Adds what the client needs to know; it could use the session too. */
const allowOrigin = {
  after: async ({ response }: { response: { headers?: object } }) => {
    response.headers = { ...response.headers, 'access-control-allow-origin': '*' };
  },
};

/** `middySession()` goes around everything: the handler finds the session, and so does every middleware. */
export const handler = middySession(middy(countVisit).use(allowOrigin), { update: true, ttl: 15 * 60 });
