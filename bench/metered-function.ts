import type { AttributeValue, DynamoDB } from '@aws-sdk/client-dynamodb';
import { type Capacity, readUnits, writeUnits } from './capacity';
import { type CountedRequest, CountingProxy } from './counting-proxy';
import { ForkedChild } from './forked-child';
import type { Answer, Peer } from './peers';
import { environmentOf } from './prepared-peers';
import type { Item } from '../lambda-runtime/src/dynamodb/values/attribute-value';
import { itemSize } from '../lambda-runtime/src/dynamodb/values/item-size';

/** What an invocation cost. */
export interface Costs extends Capacity {
  /** Of DynamoDB's data plane, in order: GetItem, … */
  readonly calls: readonly string[];
  readonly controlPlaneCalls: number;
  /** On the wire, of the calls of the data plane. */
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** The size of the item afterwards, as DynamoDB counts it. */
  readonly itemBytes: number;
}

export interface HttpAnswer extends Answer {
  readonly statusCode: number;
  readonly body: string;
}

const DATA_PLANE = /^DynamoDB_20120810\.((?:Get|Put|Update|Delete)Item)$/;

/** A bundle in a process of its own, before DynamoDB Local, of which every call is counted. */
export class MeteredFunction {
  static async start(peer: Peer, bundle: string, tableName: string, dynamodb: DynamoDB, endpoint: string): Promise<MeteredFunction> {
    const proxy = await CountingProxy.start(endpoint, tableName);
    const child = new ForkedChild('invoke.cjs', [bundle], environmentOf(peer, tableName, proxy.endpoint));
    return new MeteredFunction(peer, tableName, dynamodb, proxy, child);
  }

  private constructor(
    private readonly peer: Peer,
    private readonly tableName: string,
    private readonly dynamodb: DynamoDB,
    private readonly proxy: CountingProxy,
    private readonly child: ForkedChild,
  ) {}

  /** Fails unless the answer has this body and status 200. */
  async invoke(event: object, expectedBody: string): Promise<{ readonly answer: HttpAnswer; readonly costs: Costs }> {
    const sizesBefore = await this.itemSizes();
    this.proxy.clear();
    const answer = await this.child.ask<HttpAnswer>(event);
    const { statusCode, body } = answer;
    if (statusCode !== 200 || body !== expectedBody) {
      throw new Error(`${this.peer.name} answered with status ${statusCode} and ${body} instead of ${expectedBody}`);
    }
    return { answer, costs: this.costs([...this.proxy.requests], sizesBefore, await this.itemSizes()) };
  }

  async stop(): Promise<void> {
    this.child.stop();
    await this.proxy.stop();
  }

  private costs(requests: readonly CountedRequest[], before: Sizes, after: Sizes): Costs {
    const failed = requests.find(({ status }) => status !== 200);
    if (failed !== undefined) throw new Error(`${this.peer.name} got ${failed.status} for ${failed.target}: ${JSON.stringify(failed.output)}`);
    const calls = requests.filter(({ target }) => DATA_PLANE.test(target));
    const sum = (figure: (call: CountedRequest) => number) => calls.reduce((total, call) => total + figure(call), 0);
    return {
      calls: calls.map(operation),
      controlPlaneCalls: requests.length - calls.length,
      requestBytes: sum(({ requestBytes }) => requestBytes),
      responseBytes: sum(({ responseBytes }) => responseBytes),
      readUnits: sum(readUnitsOf),
      writeUnits: sum((call) => this.writeUnitsOf(call, before, after)),
      itemBytes: after.get(this.keyIn(calls[0])) ?? 0,
    };
  }

  private writeUnitsOf(call: CountedRequest, before: Sizes, after: Sizes): number {
    if (operation(call) === 'GetItem') return 0;
    const key = this.keyIn(call);
    // Where an invocation writes twice, the sizes between are as good as those at the end.
    return writeUnits(before.get(key) ?? 0, after.get(key) ?? 0);
  }

  private keyIn({ input }: CountedRequest): string {
    return (input.Key ?? input.Item)[this.peer.keyAttribute].S;
  }

  private async itemSizes(): Promise<Sizes> {
    const { Items: items = [] } = await this.dynamodb.scan({ TableName: this.tableName, ConsistentRead: true });
    return new Map(items.map((item) => [item[this.peer.keyAttribute].S!, sizeOf(item)]));
  }
}

/** The sizes of items in bytes, by their keys. */
type Sizes = ReadonlyMap<string, number>;

function sizeOf(item: Record<string, AttributeValue>): number {
  return itemSize(item as Item);
}

function readUnitsOf(call: CountedRequest): number {
  const { input, output } = call;
  return operation(call) === 'GetItem' ? readUnits(sizeOf(output.Item ?? {}), input.ConsistentRead === true) : 0;
}

function operation({ target }: CountedRequest): string {
  return DATA_PLANE.exec(target)![1];
}
