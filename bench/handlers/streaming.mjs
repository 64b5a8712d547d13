import { getSessionData, setSessionData, streamingSession } from 'cdk-session-table/lambda-runtime';

export const handler = streamingSession(async (_event, responseStream) => {
  const count = (getSessionData() ?? 0) + 1;
  setSessionData(count);
  responseStream.write(`${count}`);
  responseStream.end();
}, { update: true, ttl: 900 });
