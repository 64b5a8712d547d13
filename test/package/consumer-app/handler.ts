import { countVisit } from './visit-counter.cjs';
import { getSessionData, session } from 'cdk-session-table/lambda-runtime';

export const handler = session(async () => {
  countVisit();
  return { statusCode: 200, body: `${getSessionData<number>()}` };
}, { update: true });
