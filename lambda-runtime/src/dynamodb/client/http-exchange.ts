import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { DynamoDBTransportError } from './client-errors.js';

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ExchangeLimits {
  /** For how long the connection may be silent. */
  readonly silenceMs: number;
  readonly abortSignal?: AbortSignal;
}

/**
 * Sends the body of a request and receives the whole response.
 *
 * @param onSilentPooledConnection called if the connection was one from the pool, and dead
 * @throws DynamoDBTransportError when that did not succeed, also when the signal ended it
 */
export function exchange(
  request: ClientRequest, body: string, { silenceMs, abortSignal }: ExchangeLimits, onSilentPooledConnection?: () => void,
): Promise<HttpResponse> {
  return new Promise<HttpResponse>((resolve, reject) => {
    let response: IncomingMessage | undefined;
    const stopWatching = watchSilence(request, silenceMs);
    const settle = () => {
      stopWatching();
      abortSignal?.removeEventListener('abort', abort);
    };
    const fail = (cause: NodeJS.ErrnoException) => {
      settle();
      const wasSilent = request.reusedSocket && response === undefined;
      if (wasSilent) {
        onSilentPooledConnection?.();
      }
      const message = `no complete answer from ${request.host}: ${cause.message || cause.code}`;
      reject(new DynamoDBTransportError(message, cause.code, wasSilent, { cause }));
    };

    const abort = () => {
      request.destroy();
      // A request that still waits for a connection emits no error before it gets one.
      fail(Object.assign(new Error('the call was aborted'), { code: 'ABORT_ERR' }));
    };
    abortSignal?.addEventListener('abort', abort);
    if (abortSignal?.aborted) {
      abort();
    }

    request.on('error', fail);
    request.on('response', (incoming) => {
      response = incoming;
      const chunks: Buffer[] = [];
      incoming.on('error', fail);
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const succeed = () => {
          settle();
          resolve({
            statusCode: incoming.statusCode!,
            headers: incoming.headers,
            body: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks),
          });
        };
        if (request.writableFinished) {
          succeed();
        } else {
          // The answer can come before the request is reported as written; only then is the connection free for the next one.
          request.off('error', fail).on('error', succeed).on('finish', succeed).on('close', succeed);
        }
      });
    });
    request.end(body);
  });
}

/**
 * Destroys the request once its connection has been silent for so long; returns a function that ends the watch. Waiting for
 * a connection is no silence.
 */
function watchSilence(request: ClientRequest, silenceMs: number): () => void {
  let watching = true;
  let timer: NodeJS.Timeout | undefined;
  request.on('socket', (socket) => {
    let bytesBefore = socket.bytesRead;
    const check = () => {
      const bytesNow = socket.bytesRead;
      if (watching && bytesNow === bytesBefore) {
        request.destroy(Object.assign(new Error(`nothing heard for ${silenceMs} ms`), { code: 'ETIMEDOUT' }));
      } else if (watching) {
        bytesBefore = bytesNow;
        timer!.refresh();
      }
    };
    if (watching) {
      // After the process was busy or frozen, timers run before what has arrived meanwhile is read; setImmediate runs after.
      timer = setTimeout(() => setImmediate(check), silenceMs);
    }
  });
  return () => {
    watching = false;
    clearTimeout(timer);
  };
}
