import type { Duplex } from 'node:stream';
import { crc32 } from './crc32.js';
import type { Endpoint } from './endpoint.js';
import { exchange } from './http-exchange.js';
import type { HttpResponse } from './http-exchange.js';
import type { Headers } from './request-signer.js';

/**
 * Sends a request to nobody, over a connection in memory, and receives the given answer, so that the code of an exchange has
 * been loaded and run before it matters. Uses `ClientRequest` itself, which tracers do not patch: they would report a call.
 */
export function rehearse({ hostname, port, path }: Endpoint, headers: Headers, body: string, answer: string): Promise<HttpResponse> {
  const { ClientRequest } = process.getBuiltinModule('node:http');
  const request = new ClientRequest({ method: 'POST', hostname, port, path, headers, createConnection: () => connectionTo(answer) });
  return exchange(request, body, { silenceMs: 1000 });
}

function connectionTo(answer: string): Duplex {
  const body = Buffer.from(answer);
  const head = `HTTP/1.1 200 OK\r\nx-amz-crc32: ${crc32(body)}\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: ${body.length}\r\n\r\n`;
  let isAnswered = false;
  return new (process.getBuiltinModule('node:stream').Duplex)({
    read: () => undefined,
    write(_chunk, _encoding, written) {
      written();
      if (!isAnswered) {
        isAnswered = true;
        this.push(head + answer);
      }
    },
  });
}
