import type { Writable } from 'node:stream';

/**
 * The stream that Lambda hands to a streaming handler; `awslambda.HttpResponseStream` of `@types/aws-lambda` is the same.
 *
 * @example
 * ```ts
 * import type { ResponseStream } from 'cdk-session-table/lambda-runtime';
 *
 * function writePage(stream: ResponseStream, lines: string[]): void {
 *   stream.setContentType('text/plain');
 *   lines.forEach((line) => stream.write(line));
 *   stream.end();
 * }
 * ```
 */
export interface ResponseStream extends Writable {
  setContentType(contentType: string): void;
}
