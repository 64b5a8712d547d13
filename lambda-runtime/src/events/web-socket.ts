import type { Connection, EventFormat } from './event-format.js';
import { fieldsOf } from './fields.js';
import { restApiV1 } from './rest-api-v1.js';

/**
 * WebSocket APIs. Only the event of `$connect` is an HTTP request; the others carry a connection id and nothing else of the
 * client, and what is returned for them goes to nobody's headers. From the headers returned for `$connect`, API Gateway at
 * present passes on those of the handshake only, so a client that needs to know its id must have it before it connects.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api.html
 */
export const webSocket: EventFormat = {
  ...restApiV1,

  isHttp: false,

  matches(event) {
    const { connectionId, eventType } = fieldsOf(fieldsOf(event).requestContext);
    return typeof connectionId === 'string' && typeof eventType === 'string' && Object.hasOwn(PHASES, eventType);
  },

  connection(event) {
    const { connectionId, eventType } = fieldsOf(fieldsOf(event).requestContext) as { connectionId: string; eventType: string };
    return { id: connectionId, phase: PHASES[eventType] };
  },
};

const PHASES: Readonly<Record<string, Connection['phase']>> = { CONNECT: 'connect', MESSAGE: 'message', DISCONNECT: 'disconnect' };
