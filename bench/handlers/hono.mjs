import { getSessionData, setSessionData } from 'cdk-session-table/lambda-runtime';
import { sessions } from 'cdk-session-table/lambda-runtime/hono';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';

const app = new Hono();
app.use(sessions({ update: true, ttl: 900 }));
app.get('/', (context) => {
  const count = (getSessionData() ?? 0) + 1;
  setSessionData(count);
  return context.text(`${count}`);
});
export const handler = handle(app);
