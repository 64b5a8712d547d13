import type { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Endpoint } from './endpoint.js';
import { exchange } from './http-exchange.js';
import type { ExchangeLimits, HttpResponse } from './http-exchange.js';
import { httpModule } from './http-module.js';
import { openAhead } from './open-ahead.js';
import type { Headers } from './request-signer.js';

/**
 * A connection unused for longer than this is not used again. DynamoDB has been seen to close them after 60 s, and later
 * (https://github.com/aws/aws-sdk-java/issues/1365); the other side of a frozen sandbox learns of it only by trying.
 */
const LONGEST_IDLE_MS = 50_000;

/** As many as the SDK opens. What goes beyond waits: many handshakes at the same time hold each other up, and file descriptors run out. */
const MAX_SOCKETS = 50;

/** Connections that are kept open between requests. Idle ones do not keep the process alive. */
export class ConnectionPool {
  private readonly idleSince = new WeakMap<Duplex, number>();
  private readonly agents = new Map<string, Agent>();
  private openedAhead?: Socket;

  /**
   * Sends a POST request, on an idle connection if there is one that may still be alive. If it was not, all idle ones are closed.
   *
   * @throws DynamoDBTransportError
   */
  post({ protocol, hostname, port, path }: Endpoint, headers: Headers, body: string, limits: ExchangeLimits): Promise<HttpResponse> {
    const agent = this.agentFor(protocol);
    this.closeIdle(agent, Date.now() - LONGEST_IDLE_MS);
    // Headers as an object: tracers copy them as one and add their own.
    const request = httpModule(protocol).request({ agent, method: 'POST', hostname, port, path, headers });
    if (this.openedAhead !== undefined) {
      request.once('socket', (socket) => { request.reusedSocket ||= socket === this.openedAhead; });
    }
    return exchange(request, body, limits, () => this.closeIdle(agent, Infinity));
  }

  /** Opens a connection in the background, so that the first request finds it. A failure is not reported. */
  open({ protocol, hostname, port }: Endpoint): Socket {
    return this.openedAhead = openAhead(this.agentFor(protocol), hostname, port, LONGEST_IDLE_MS);
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

  private agentFor(protocol: Endpoint['protocol']): Agent {
    let agent = this.agents.get(protocol);
    if (agent === undefined) {
      agent = new (httpModule(protocol).Agent)({ keepAlive: true, maxSockets: MAX_SOCKETS });
      agent.on('free', (socket: Duplex) => this.idleSince.set(socket, Date.now()));
      this.agents.set(protocol, agent);
    }
    return agent;
  }
}
