import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { crc32 } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { STACK_PARAMETERS_TARGET, stackParameters } from './peers';
import type { ServerCertificate } from '../test/fixtures/certificates';
import { addressOf, close, listen } from '../test/fixtures/listening';

const REDATE_EVERY_MS = 5_000;

interface Answer {
  readonly head: string[];
  readonly body: Buffer;
}

/**
 * Answers to any `GetItem` with one item and to any write with success, so that a client can be measured without DynamoDB. Times
 * that were yet to come when the item was recorded stay as far away as they were.
 */
export class StubDynamoDB {
  /** Speaks TLS if it gets a certificate, for `localhost`. */
  static async start(tableName: string, item: Record<string, AttributeValue>, certificate?: ServerCertificate): Promise<StubDynamoDB> {
    const stub = new StubDynamoDB(tableName, JSON.stringify({ Item: item }), certificate);
    await listen(stub.server);
    return stub;
  }

  private readonly recordedAt = Date.now();
  private redateAt = 0;
  private readAnswer!: Answer;
  private readonly writeAnswer = answer('{}');
  private readonly stackAnswer: Answer;
  private readonly server: Server;

  private constructor(tableName: string, private readonly recorded: string, private readonly certificate: ServerCertificate | undefined) {
    this.stackAnswer = answer(stackParameters(tableName), 'application/x-amz-json-1.1');
    const serve: RequestListener = (request, response) => {
      request.resume().on('end', () => {
        const { head, body } = this.answerTo(request.headers['x-amz-target'] as string);
        response.writeHead(200, head).end(body);
      });
    };
    this.server = certificate === undefined ? createServer(serve) : createTlsServer({ key: certificate.key, cert: certificate.chain }, serve);
  }

  get endpoint(): string {
    const address = addressOf(this.server);
    return this.certificate === undefined ? `http://${address}` : `https://${address.replace('127.0.0.1', 'localhost')}`;
  }

  async stop(): Promise<void> {
    await close(this.server);
  }

  private answerTo(target: string): Answer {
    switch (target) {
      case 'DynamoDB_20120810.GetItem': return this.readItem();
      case 'DynamoDB_20120810.PutItem':
      case 'DynamoDB_20120810.UpdateItem': return this.writeAnswer;
      case STACK_PARAMETERS_TARGET: return this.stackAnswer;
      default: throw new Error(`nobody expected the request ${target}`);
    }
  }

  private readItem(): Answer {
    const now = Date.now();
    if (now >= this.redateAt) {
      this.readAnswer = answer(this.redated(now - this.recordedAt));
      this.redateAt = now + REDATE_EVERY_MS;
    }
    return this.readAnswer;
  }

  /** Such times are seconds or milliseconds since 1970, or ISO texts. */
  private redated(elapsedMs: number): string {
    const later = (time: string, milliseconds: number, write: (milliseconds: number) => number | string) =>
      milliseconds > this.recordedAt ? `${write(milliseconds + elapsedMs)}` : time;
    return this.recorded
      .replace(/\b\d{10}(\.\d+)?\b/g, (time) => later(time, Number(time) * 1000, (milliseconds) => Math.floor(milliseconds / 1000)))
      .replace(/\b\d{13}\b/g, (time) => later(time, Number(time), Math.floor))
      .replace(/\b\d{4}-\d\d-\d\dT[\d:.]{8,12}Z/g, (time) => later(time, Date.parse(time), (milliseconds) => new Date(milliseconds).toISOString()));
  }
}

/** The headers that DynamoDB sends. */
function answer(text: string, contentType = 'application/x-amz-json-1.0'): Answer {
  const body = Buffer.from(text);
  return {
    head: [
      'x-amzn-requestid', 'KFMH9JBOGK3BCQ4ATVHJ5KLTVRVV4KQNSO5AEMVJF66Q9ASUAAJG',
      'x-amz-crc32', `${crc32(body)}`,
      'content-type', contentType,
      'content-length', `${body.length}`,
    ],
    body,
  };
}
