import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly setCookies: string[];
}

/** A client with a cookie jar of its own, of a server on this machine. */
export type HttpClient = (path: string, init?: RequestInit) => Promise<HttpAnswer>;

export function httpClient(server: Server, jar = new Map<string, string>()): HttpClient {
  const { port } = server.address() as AddressInfo;
  return async (path, init = {}) => {
    const cookie = Array.from(jar, ([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init, headers: { ...init.headers as Record<string, string>, ...(cookie !== '' && { cookie }) } });
    const setCookies = response.headers.getSetCookie();
    for (const [, name, value] of setCookies.map((line) => /^([^=]+)=([^;]*)/.exec(line)!)) {
      jar.set(name, value);
    }
    return { status: response.status, body: await response.text(), setCookies };
  };
}

/** Runs the steps on a server that listens on this machine only, and stops it. */
export async function whileListening(server: Server, steps: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  try {
    await steps();
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => { server.close(resolve); });
  }
}
