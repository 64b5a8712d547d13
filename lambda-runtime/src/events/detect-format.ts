import { albMultiValue } from './alb-multi-value.js';
import { albSingleValue } from './alb-single-value.js';
import { authorizer } from './authorizer.js';
import { bare } from './bare.js';
import type { EventFormat } from './event-format.js';
import { httpApiV2 } from './http-api-v2.js';
import { restApiV1 } from './rest-api-v1.js';
import { trigger } from './trigger.js';
import { webSocket } from './web-socket.js';

/** The most specific first; the last one takes what is left. */
const FORMATS: readonly EventFormat[] = [authorizer, httpApiV2, webSocket, albMultiValue, albSingleValue, restApiV1, trigger, bare];

export function detectFormat(event: unknown): EventFormat {
  return FORMATS.find((format) => format.matches(event))!;
}
