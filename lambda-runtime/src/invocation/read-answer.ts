import type { Invocation } from './invocation.js';
import type { Answer } from '../events/event-format.js';
import { statusOf } from '../events/http-response.js';
import { isProbe } from '../events/probe.js';

/**
 * What the handler's result is to the client, before anything is saved: whether it can be sent at all, and whether somebody
 * can learn the session's id from it, without which a session that holds nothing is not worth a row.
 *
 * @throws TypeError if the result is a response that cannot be written as JSON
 */
export function readAnswer(invocation: Invocation, result: unknown): Answer | undefined {
  const { format, event, connection, session } = invocation;
  const answer = format.answer(result);
  invocation.isRefused = connection?.phase === 'connect' && answer !== undefined && isRefusal(statusOf(answer.response));
  const canBeFound = answer !== undefined || connection !== undefined || !session.idIsFresh;
  session.isWorthAnEmptyRow = canBeFound && !invocation.isRefused && !isProbe(format.requestHead(event));
  return answer;
}

/** API Gateway opens a connection only if the status is one of success. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && (status < 200 || status > 299);
}
