import { createServer, type Server } from 'node:http';
import { json } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { close, endpointOf, listen } from '../test/fixtures/listening';

/** Answers to a `GetItem` of any key with a session of that key and to any write with success. */
export class AnySessionStub {
  static async start(session: Readonly<Record<string, AttributeValue>>): Promise<AnySessionStub> {
    const stub = new AnySessionStub(session);
    await listen(stub.server);
    return stub;
  }

  private readonly server: Server;

  private constructor(session: Readonly<Record<string, AttributeValue>>) {
    const { key: _, ...others } = session;
    const attributes = JSON.stringify(others).slice(1);
    this.server = createServer(async (request, response) => {
      const { Key: key } = await json(request) as { Key?: object };
      const isRead = request.headers['x-amz-target'] === 'DynamoDB_20120810.GetItem';
      const body = Buffer.from(isRead ? `{"Item":${JSON.stringify(key).slice(0, -1)},${attributes}}` : '{}');
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0', 'content-length': body.length, 'x-amz-crc32': crc32(body) }).end(body);
    });
  }

  get endpoint(): string {
    return endpointOf(this.server);
  }

  async stop(): Promise<void> {
    await close(this.server);
  }
}
