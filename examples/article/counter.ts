import { getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';

/** Answers with the session data that it found, and leaves the next number. */
async function count() {
  const found = getSessionData<number>();
  setSessionData((found ?? 0) + 1);
  return { statusCode: 200, body: JSON.stringify(found) };
}

export const handler = session(count);
export const updatingHandler = session(count, { update: true });
