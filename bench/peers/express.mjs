import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import connectDynamoDB from 'connect-dynamodb';
import express from 'express';
import session from 'express-session';
import serverless from 'serverless-http';

const DynamoDBStore = connectDynamoDB(session);
const app = express();

app.use(session({
  // Without `initialized` it would describe the table before its first read.
  store: new DynamoDBStore({ table: process.env.BENCH_TABLE, client: new DynamoDBClient({}), initialized: true }),
  secret: process.env.SESSION_SECRET,
  resave: false,
  saveUninitialized: false,
  cookie: { maxAge: 900_000 },
}));

app.get('/', (request, response) => {
  request.session.count = (request.session.count ?? 0) + 1;
  response.type('text').send(`${request.session.count}`);
});

app.get('/read', (request, response) => {
  response.type('text').send(`${request.session.count ?? 0}`);
});

export const handler = serverless(app);
