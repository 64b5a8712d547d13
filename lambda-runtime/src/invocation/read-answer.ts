import type { Invocation } from './invocation.js';
import type { Answer } from '../events/event-format.js';
import { fieldsOf } from '../events/fields.js';
import { statusOf } from '../events/http-response.js';
import { isProbe } from '../events/probe.js';

/**
 * What the handler's result is to the client, before anything is saved: whether it can be sent at all, and whether somebody
 * can learn the session's id from it, without which a session that holds nothing is not worth a row.
 *
 * @throws TypeError if the result cannot be written as JSON, as Lambda would after the session has been saved
 */
export function readAnswer(invocation: Invocation, result: unknown): Answer | undefined {
  const { format, event, connection, session } = invocation;
  const answer = format.answer(result);
  refuseUnlessJson(answer?.response ?? result);
  invocation.isRefused = connection?.phase === 'connect' && answer !== undefined && isRefusal(statusOf(answer.response));
  if (session.row === undefined) {
    const canBeFound = answer !== undefined || connection !== undefined || !session.idIsFresh;
    session.isReachable &&= !invocation.isRefused;
    session.isWorthAnEmptyRow = canBeFound && !isProbe(format.requestHead(event));
  }
  return answer;
}

/** API Gateway opens a connection only if the status is one of success. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && (status < 200 || status > 299);
}

/** A body of text, which may be megabytes, can be written in any case. */
function refuseUnlessJson(result: unknown): void {
  JSON.stringify(typeof fieldsOf(result).body === 'string' ? { ...fieldsOf(result), body: '' } : result);
}
