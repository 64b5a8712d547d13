import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { STACK_PARAMETERS_TARGET, stackParameters } from './peers';
import { close, endpointOf, listen } from '../test/fixtures/listening';

export interface CountedRequest {
  /** Its `x-amz-target`, such as `DynamoDB_20120810.GetItem`. */
  readonly target: string;
  readonly status: number;
  /** Bytes on the wire, heads included. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly input: any;
  readonly output: any;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Stands before DynamoDB Local and notes what passes. Answers the call by which @architect/functions finds its table itself. */
export class CountingProxy {
  static async start(endpoint: string, tableNameForSsm?: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(new URL(endpoint), tableNameForSsm);
    await listen(proxy.server);
    return proxy;
  }

  /** What has been answered since the start or the last `clear()`, in order. */
  readonly requests: CountedRequest[] = [];
  private readonly counted = new WeakMap<Socket, { read: number; written: number }>();
  private readonly server: Server;

  private constructor(private readonly dynamodb: URL, private readonly tableNameForSsm?: string) {
    this.server = createServer((incoming, outgoing) => {
      this.serve(incoming, outgoing).catch((error: Error) => incoming.socket.destroy(error));
    });
  }

  get endpoint(): string {
    return endpointOf(this.server);
  }

  clear(): void {
    this.requests.length = 0;
  }

  async stop(): Promise<void> {
    await close(this.server);
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { socket, headers } = incoming;
    const target = String(headers['x-amz-target']);
    const body = await buffer(incoming);
    const answer = target === STACK_PARAMETERS_TARGET && this.tableNameForSsm !== undefined
      ? stackAnswer(this.tableNameForSsm)
      : await this.passOn(headers, body);
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);

    const before = this.counted.get(socket) ?? { read: 0, written: 0 };
    const now = { read: socket.bytesRead, written: socket.bytesWritten };
    this.counted.set(socket, now);
    this.requests.push({
      target,
      status: answer.status,
      requestBytes: now.read - before.read,
      responseBytes: now.written - before.written,
      input: parsed(body),
      output: parsed(answer.body),
    });
  }

  private async passOn(headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> {
    const onward = request(this.dynamodb, { method: 'POST', headers, agent: false }).end(body);
    const [response] = await once(onward, 'response') as [IncomingMessage];
    const answer = await buffer(response);
    const { 'transfer-encoding': _, connection: __, ...others } = response.headers;
    return { status: response.statusCode!, headers: { ...others, 'content-length': `${answer.length}` }, body: answer };
  }
}

function stackAnswer(tableName: string): Answer {
  const body = Buffer.from(stackParameters(tableName));
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1', 'content-length': `${body.length}` }, body };
}

function parsed(body: Buffer): any {
  return body.length > 0 ? JSON.parse(body.toString()) : undefined;
}
