import type { Writable } from 'node:stream';

/** The stream that Lambda hands to a streaming handler; `awslambda.HttpResponseStream` of `@types/aws-lambda` is the same. */
export interface ResponseStream extends Writable {
  setContentType(contentType: string): void;
}
