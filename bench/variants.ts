import { join } from 'node:path';
import type { Bundled } from './felt';
import { bundleInto, OURS } from './own-handlers';
import type { PreparedPeer } from './prepared-peers';
import { temporaryDirectory } from '../test/fixtures/temporary-directory';

/** This library in the other ways in which it is used: entry and name. */
const VARIANTS = {
  'ready': 'with `await sessionStoreReady()`',
  'cookie': 'ids in a cookie',
  'hono': 'with Hono',
  'middy': 'with middy',
  'streaming': 'streaming its response',
  'sdk-client': 'with the SDK\'s client as `client`',
} as const;

/** Each for the visitor whose session our own peer made. */
export function variants({ event, lambdaEnvironment }: PreparedPeer): (Bundled & { readonly id: string })[] {
  const directory = temporaryDirectory();
  return Object.entries(VARIANTS).map(([id, name]) => ({
    id,
    name: `${OURS.name}, ${name}`,
    file: bundleInto(join(directory), { ...OURS, id, entry: `../handlers/${id}.mjs` }),
    event: id === 'cookie' ? inCookie(event) : event,
    lambdaEnvironment,
  }));
}

function inCookie(event: any): object {
  const { 'session-id': id, ...headers } = event.headers;
  const cookie = `__Host-session=${id}`;
  return { ...event, cookies: [cookie], headers: { ...headers, cookie } };
}
