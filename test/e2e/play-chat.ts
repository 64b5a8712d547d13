import { deepStrictEqual, equal, match, ok } from 'node:assert/strict';
import { resolve } from 'node:path';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { Stage } from './play-releases';
import { startFunction } from './start-function';
import { functionUrl } from '../../examples/chat/local/function-url';
import { COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE, TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../src/shared-with-runtime/table-schema';
import type { LocalLambda } from '../fixtures/lambda-runtime-api';
import { close, endpointOf, listen } from '../fixtures/listening';
import type { NodeBinary } from '../fixtures/node-binaries';
import { createTablesFromTemplate } from '../fixtures/session-table';
import { temporaryDirectory } from '../fixtures/temporary-directory';

const APP = resolve(__dirname, '../../examples/chat');

/** Deploys the chat example, uses what was deployed by HTTP, and destroys it. */
export async function playChat(stage: Stage): Promise<void> {
  const { steps, cdk, stack, dynamodb, nodes } = stage;

  await steps.take('cdk deploy of examples/chat', async () => {
    await cdk.deploy(APP, stack.name);
    return `${(await stack.functions()).size} function, ${(await stack.tableNames()).size} tables`;
  });
  const tableNames = await stack.tableNames();
  const chat = await stack.function('Function');
  const { sessions, collections } = await steps.result('the chat\'s function knows its two tables', async () => {
    const variables = chat.Environment!.Variables!;
    const named = { sessions: variables[TABLE_NAME_ENVIRONMENT_VARIABLE], collections: variables[COLLECTIONS_TABLE_NAME_ENVIRONMENT_VARIABLE] };
    deepStrictEqual([named.sessions, named.collections].sort(), [...tableNames.values()].sort());
    return named;
  });
  await steps.take('they have the keys and the TTL that the runtime relies on', async () => {
    deepStrictEqual(await stack.tableShape(sessions), { keys: ['key'], ttl: 'ttl' });
    deepStrictEqual(await stack.tableShape(collections), { keys: ['collection', 'item'], ttl: 'ttl' });
    return `${sessions}, ${collections}`;
  });
  await steps.take('its role may use these tables and no other', async () => {
    const arns = (await stack.dynamodbStatements(chat)).flatMap(({ Effect, Resource }) => [Resource].flat().map((arn) => `${Effect} ${String(arn).split('/').at(-1)}`));
    deepStrictEqual([...new Set(arns)].sort(), [...tableNames.values()].map((name) => `Allow ${name}`).sort());
    return 'by their ARNs';
  });
  await steps.take('its function URL is public and streams', async () => {
    const { AuthType, FunctionUrl, InvokeMode } = await stack.functionUrl(chat);
    deepStrictEqual({ AuthType, InvokeMode }, { AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' });
    equal((await stack.outputs()).Url, FunctionUrl);
    return FunctionUrl!;
  });
  await steps.take(`its tables in ${dynamodb.name}`, async () => {
    await createTablesFromTemplate(dynamodb.endpoint, await stack.template(), tableNames);
    return 'made from the deployed template under the names of the deployed ones';
  });
  const directory = temporaryDirectory();
  await stack.unpackCode(chat, directory);
  for (const node of nodes) await useChat(stage, chat, directory, node);

  await steps.take('cdk destroy of examples/chat', async () => {
    await cdk.destroy(APP, stack.name);
    deepStrictEqual(await stack.remains(tableNames.values()), []);
    return 'nothing of it is left';
  });
}

/** Behind a function URL on this machine. */
async function useChat({ steps, dynamodb }: Stage, chat: FunctionConfiguration, directory: string, node: NodeBinary): Promise<void> {
  const sandboxes: LocalLambda[] = [];
  const server = functionUrl(async () => {
    const sandbox = await startFunction(chat, directory, node, dynamodb);
    sandboxes.push(sandbox);
    return sandbox;
  });
  await listen(server);
  try {
    await steps.take(`the deployed chat on Node ${node.majorVersion}: log in, talk, be remembered, sign out everywhere`, () => talk(endpointOf(server)));
  } finally {
    await close(server);
    await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
  }
}

async function talk(url: string): Promise<string> {
  const page = await fetch(url);
  match(page.headers.get('content-type')!, /^text\/html/);
  match(await page.text(), /<form/);

  const [laptop, phone] = [await logIn(url), await logIn(url)];
  const text = `hello from ${process.pid}, ${Date.now()}`;
  const pieces = await piecesOf(await request(url, '/chat', laptop, { text }));
  ok(pieces.length > 1, 'the answer must come in pieces');
  match(pieces.join(''), new RegExp(`You said “${text}”`));

  const { messages } = await history(url, phone);
  deepStrictEqual(messages.slice(-2).map(({ role }) => role), ['user', 'assistant']);
  equal(messages.at(-2)!.text, text);
  equal(messages.at(-1)!.text, pieces.join(''));

  const sessions = await (await request(url, '/sessions', laptop)).json() as { isCurrent: boolean }[];
  ok(sessions.length >= 2);
  equal(sessions.filter(({ isCurrent }) => isCurrent).length, 1);
  equal((await request(url, '/sessions/sign-out-everywhere', laptop, {})).status, 200);
  deepStrictEqual([(await history(url, laptop)).status, (await history(url, phone)).status], [401, 401]);
  return `an answer in ${pieces.length} pieces, then 401 for both devices`;
}

async function logIn(url: string): Promise<string> {
  const response = await request(url, '/login', '', { user: 'ada', password: 'analytical' });
  equal(response.status, 200, await response.text());
  const [cookie] = response.headers.getSetCookie();
  match(cookie, /^__Host-session=/);
  return cookie.split(';')[0];
}

interface History {
  readonly status: number;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
}

async function history(url: string, cookie: string): Promise<History> {
  const response = await request(url, '/messages', cookie);
  const { entries = [] } = await response.json() as { readonly entries?: History['messages'] };
  return { status: response.status, messages: entries };
}

function request(url: string, path: string, cookie: string, body?: object): Promise<Response> {
  const headers = { ...(cookie !== '' && { cookie }), ...(body !== undefined && { 'content-type': 'application/json' }) };
  return fetch(`${url}${path}`, { headers, ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }) });
}

async function piecesOf(response: Response): Promise<readonly string[]> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for await (const piece of response.body!) pieces.push(decoder.decode(piece as Uint8Array, { stream: true }));
  return pieces;
}
