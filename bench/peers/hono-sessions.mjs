import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { sessionMiddleware } from 'hono-sessions';

const EXPIRE_AFTER_SECONDS = 900;

class DynamoDBStore {
  #dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}));

  constructor(tableName) {
    this.tableName = tableName;
  }

  async getSessionById(key) {
    const { Item } = await this.#dynamodb.send(new GetCommand({ TableName: this.tableName, Key: { key }, ConsistentRead: true }));
    return Item?.data;
  }

  async createSession(key, data) {
    await this.persistSessionData(key, data);
  }

  async persistSessionData(key, data) {
    const ttl = Math.floor(Date.now() / 1000) + EXPIRE_AFTER_SECONDS;
    await this.#dynamodb.send(new PutCommand({ TableName: this.tableName, Item: { key, data, ttl } }));
  }

  async deleteSession(key) {
    await this.#dynamodb.send(new DeleteCommand({ TableName: this.tableName, Key: { key } }));
  }
}

const app = new Hono();

app.use('*', sessionMiddleware({
  store: new DynamoDBStore(process.env.BENCH_TABLE),
  encryptionKey: process.env.SESSION_SECRET,
  expireAfterSeconds: EXPIRE_AFTER_SECONDS,
  cookieOptions: { sameSite: 'Lax', path: '/', httpOnly: true },
}));

app.get('/', (context) => {
  const session = context.get('session');
  const count = (session.get('count') ?? 0) + 1;
  session.set('count', count);
  return context.text(`${count}`);
});

app.get('/read', (context) => context.text(`${context.get('session').get('count') ?? 0}`));

export const handler = handle(app);
