import type { Agent } from 'node:http';
import type { Socket } from 'node:net';

/** A connection that is still not established after this long is not waited for. */
const LONGEST_CONNECT_MS = 1000;

/**
 * Opens a connection for the agent's first request, in the background. Nothing is sent over it but the handshake. If it fails, or
 * is older than `longestIdleMs` by the wall clock when the request comes, the request opens one as it would have done without.
 * The connection does not keep the process alive.
 */
export function openAhead(agent: Agent, hostname: string, port: number, longestIdleMs: number): Socket {
  const { createConnection } = agent;
  const servername = process.getBuiltinModule('node:net').isIP(hostname) ? '' : hostname;
  const socket = createConnection.call(agent, { host: hostname, port, servername, noDelay: true, keepAlive: true } as never) as Socket;
  const openedAt = Date.now();
  const restore = () => { agent.createConnection = createConnection; };
  // Why it failed is not reported here: the first request meets the same and reports it.
  socket.unref().once('error', restore).once('close', restore);

  agent.createConnection = (options, callback) => {
    restore();
    const ageMs = Date.now() - openedAt;
    const isFit = !socket.destroyed && socket.writable && ageMs < (isConnecting(socket) ? LONGEST_CONNECT_MS : longestIdleMs);
    if (isFit && options.host === hostname && Number(options.port) === port) {
      return socket.ref();
    }
    socket.destroy();
    return createConnection.call(agent, options, callback);
  };
  return socket;
}

/** Waits until the connection is established, or cannot be; no longer than a request would wait for it. */
export function established(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, isConnecting(socket) ? LONGEST_CONNECT_MS : 0);
    function done(): void {
      clearTimeout(timer);
      resolve();
    }
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', done).once('close', done);
  });
}

function isConnecting(socket: Socket & { readonly secureConnecting?: boolean }): boolean {
  return socket.connecting || socket.secureConnecting === true;
}
