import type { LocalLambda } from '../../../test/fixtures/lambda-runtime-api';

export interface Answer {
  readonly statusCode: number;
  /** From the response's header; empty if there is none. */
  readonly sessionId: string;
  readonly body: any;
}

/** Calls a handler as the article's invoke.py does: the message in the body, the session id, if there is one, in a header. */
export async function call(lambda: LocalLambda, message: string, sessionId?: string): Promise<Answer> {
  const { statusCode, headers, body } = await lambda.invoke({
    headers: sessionId === undefined ? {} : { 'session-id': sessionId },
    body: JSON.stringify({ message }),
  });
  return { statusCode, sessionId: headers?.['session-id'] ?? '', body: JSON.parse(body) };
}
