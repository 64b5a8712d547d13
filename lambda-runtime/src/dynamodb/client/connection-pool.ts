import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { DynamoDBTransportError } from './client-errors.js';
import type { Endpoint } from './endpoint.js';
import { exchange } from './http-exchange.js';
import type { ExchangeLimits, HttpResponse } from './http-exchange.js';
import type { Headers } from './request-signer.js';

/**
 * A connection unused for longer than this is not used again. DynamoDB has been seen to close them after 60 s, and later
 * (https://github.com/aws/aws-sdk-java/issues/1365); the other side of a frozen sandbox learns of it only by trying.
 */
const LONGEST_IDLE_MS = 50_000;

type HttpModule = Pick<typeof import('node:http'), 'Agent' | 'request'>;

/** Connections that are kept open between requests. Idle ones do not keep the process alive. */
export class ConnectionPool {
  private readonly idleSince = new WeakMap<Duplex, number>();
  private readonly agents = new Map<string, { readonly http: HttpModule; readonly agent: Agent }>();

  /**
   * Sends a POST request, on an idle connection if there is one that may still be alive. If it was not, all idle ones are closed.
   *
   * @throws DynamoDBTransportError
   */
  async post({ protocol, hostname, port, path }: Endpoint, headers: Headers, body: string, limits: ExchangeLimits): Promise<HttpResponse> {
    const { http, agent } = this.agentFor(protocol);
    this.closeIdle(agent, Date.now() - LONGEST_IDLE_MS);
    const request = http.request({ agent, method: 'POST', hostname, port, path, headers: asList(headers), setHost: false });
    try {
      return await exchange(request, body, limits);
    } catch (error) {
      if (error instanceof DynamoDBTransportError && error.onSilentPooledConnection) {
        this.closeIdle(agent, Infinity);
      }
      throw error;
    }
  }

  /** By the wall clock: timers stand still while Lambda freezes the sandbox. */
  private closeIdle(agent: Agent, sinceBefore: number): void {
    for (const name in agent.freeSockets) {
      for (const socket of agent.freeSockets[name]!) {
        if ((this.idleSince.get(socket) ?? 0) < sinceBefore) {
          socket.destroy();
        }
      }
    }
  }

  private agentFor(protocol: Endpoint['protocol']) {
    let entry = this.agents.get(protocol);
    if (entry === undefined) {
      // Loaded when first needed: node:https costs a cold start several milliseconds, and importing this module nothing.
      const http = process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http');
      const agent = new http.Agent({ keepAlive: true });
      agent.on('free', (socket: Duplex) => this.idleSince.set(socket, Date.now()));
      this.agents.set(protocol, entry = { http, agent });
    }
    return entry;
  }
}

/** Names and values in turn. A list is sent as it is; of an object, node:http makes a copy, header by header. */
function asList(headers: Headers): string[] {
  const list: string[] = [];
  for (const name in headers) {
    list.push(name, headers[name]);
  }
  return list;
}
