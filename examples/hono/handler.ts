import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { cookieTransport, currentSession } from 'cdk-session-table/lambda-runtime';
import { sessions } from 'cdk-session-table/lambda-runtime/hono';

interface Basket { items: string[] }

const app = new Hono();

app.use(sessions({ update: true, ttl: 15 * 60, transport: cookieTransport() }));

app.get('/basket', (c) => c.json(currentSession<Basket>().data ?? { items: [] }));

app.post('/basket/:item', async (c) => {
  const basket = await currentSession<Basket>().update((data) => ({ items: [...data?.items ?? [], c.req.param('item')] }));
  return c.json(basket, 201);
});

app.post('/logout', async (c) => {
  await currentSession().destroy();
  return c.body(null, 204);
});

export const handler = handle(app);
