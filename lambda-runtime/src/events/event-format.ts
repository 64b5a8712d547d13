import type { Fields } from './fields.js';
import type { RequestHead, ResponseHead } from '../transports/http-head.js';

/** One format of events and of the results that go back. */
export interface EventFormat {
  /** Whether its events are HTTP requests, whose responses caches on the way to the client may store. */
  readonly isHttp: boolean;
  /** Whether an event is of this format. Any value may come. */
  matches(event: unknown): boolean;
  /** What the event says about the request; nothing where it says nothing. Never throws. */
  requestHead(event: unknown): RequestHead;
  /** The WebSocket connection that the event belongs to. */
  connection?(event: unknown): Connection;
  /**
   * The response that the handler's result is, or that the gateway makes of it; `undefined`: nothing can be added to it.
   *
   * @throws TypeError if it cannot be written as JSON where a gateway would make a body of it
   */
  answer(result: unknown): Answer | undefined;
}

/** A result to which a head can be added. */
export interface Answer {
  /** Its fields, as Lambda would send them. */
  readonly response: Fields;
  /** The values of one of its headers that reach the client: gateways leave out fields that are not of their format. */
  sentHeader(name: string): string[];
  /** A copy of the result with the head added; the result itself is not changed. */
  add(head: ResponseHead): unknown;
}

export interface Connection {
  readonly id: string;
  readonly phase: 'connect' | 'message' | 'disconnect';
}
