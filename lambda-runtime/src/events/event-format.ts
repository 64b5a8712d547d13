import type { RequestHead, ResponseHead } from '../transports/http-head.js';

/** One format of events and of the results that go back. */
export interface EventFormat {
  /** Whether an event is of this format. Any value may come. */
  matches(event: unknown): boolean;
  /** What the event says of the request; nothing where it says nothing. Never throws. */
  requestHead(event: unknown): RequestHead;
  /** The WebSocket connection that the event belongs to. */
  connection?(event: unknown): Connection;
  /** A copy of the handler's result with the head added; the result itself where it cannot carry one. */
  respond(result: unknown, head: ResponseHead): unknown;
}

export interface Connection {
  readonly id: string;
  readonly phase: 'connect' | 'message' | 'disconnect';
}
