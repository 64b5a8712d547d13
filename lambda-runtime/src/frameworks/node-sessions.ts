import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeldResponse } from './held-response.js';
import { adaptedOptions } from '../configuration/adapted-options.js';
import { resolveOptions } from '../configuration/resolve-options.js';
import type { SessionOptions } from '../configuration/session-options.js';
import { invocationFactory } from '../invocation/begin-invocation.js';
import type { Invocation } from '../invocation/invocation.js';
import { readId } from '../invocation/read-id.js';
import { runHandler } from '../invocation/scope.js';
import { loadSession } from '../lifecycle/load.js';
import { rehearseInvocation } from '../lifecycle/rehearse-invocation.js';

/** See `SessionMiddleware` of the entry `node`. */
export type NodeMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => unknown) => void;

/** See `sessions` of the entry `node`. */
export function nodeSessions(options: SessionOptions<IncomingMessage> = {}): NodeMiddleware {
  const beginInvocation = invocationFactory(resolveOptions(adaptedOptions(options, (event: NodeEvent) => event[REQUEST])), rehearseInvocation);
  return (request, response, next) => {
    serve(beginInvocation(toEvent(request), undefined), response, next).catch(next);
  };
}

/** Under this symbol an event that was made up names what it was made from. */
const REQUEST = Symbol.for('cdk-session-table/request');

/** A request in the format of an HTTP API's event. */
interface NodeEvent {
  readonly version: '2.0';
  readonly rawPath: string;
  readonly headers: object;
  readonly requestContext: { readonly http: { readonly method?: string; readonly path: string } };
  readonly [REQUEST]: IncomingMessage;
}

async function serve(invocation: Invocation, response: ServerResponse, next: (error?: unknown) => unknown): Promise<void> {
  invocation.candidates = await readId(invocation);
  await loadSession(invocation);
  const held = new HeldResponse(response, invocation);
  try {
    await runHandler(invocation, () => Promise.all([next(), held.ended]));
  } catch (error) {
    held.release();
    if (!response.headersSent) {
      throw error;
    }
    response.destroy(error as Error);
  }
}

function toEvent(request: IncomingMessage): NodeEvent {
  const path = (request.url ?? '/').split('?')[0];
  return { version: '2.0', rawPath: path, headers: request.headers, requestContext: { http: { method: request.method, path } }, [REQUEST]: request };
}
