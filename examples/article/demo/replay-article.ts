import { call } from './call';
import type { Journal } from './journal';
import { isSame, type Listing, short, sideBySide } from './listings';
import type { LocalCloud } from './local-cloud';
import { TABLE_NAME_ENVIRONMENT_VARIABLE } from '../../../src/shared-with-runtime/table-schema';
import { LambdaError, type LocalLambda } from '../../../test/fixtures/lambda-runtime-api';

/** The session ids that the article prints. */
const FIRST = 'zpXmm-bkGQCwKwKGmwltJYBbumx_RZfHZrmfCegD1FQ';
const SECOND = 'xtNGpXFFPl8tgHr9CN8dWlWrF81FbeATx_f2CApIijs';
const CLIENT_MADE = 'client-session-id';

/** The article's listings and its error, in its order. */
export async function replayArticle(cloud: LocalCloud, journal: Journal): Promise<void> {
  const chat = await cloud.startFunction(cloud.configurationOf('Chat'));
  const chatUpdate = await cloud.startFunction(cloud.configurationOf('ChatUpdate'));
  const articleIds = new Map([[CLIENT_MADE, CLIENT_MADE]]);

  const chatAs = async (lambda: LocalLambda, message: string, sessionId?: string): Promise<string> => {
    const answer = await call(lambda, message, sessionId);
    const idIsRight = sessionId === undefined ? /^[\w-]{43}$/.test(answer.sessionId) : answer.sessionId === sessionId;
    journal.verdict(
      answer.statusCode === 200 && idIsRight,
      `"${message}" ${sessionId === undefined ? 'without an id' : `with ${short(sessionId)}`} → ${answer.statusCode}, session-id: ${short(answer.sessionId)}`,
    );
    return answer.sessionId;
  };
  const compareStore = async (expected: Listing) => {
    const actual = await cloud.sessions();
    const same = isSame(expected, actual, articleIds);
    journal.verdict(same, same ? 'the table holds what the article lists' : 'the table differs from what the article lists');
    sideBySide(expected, actual, articleIds).forEach((line) => journal.note(`  ${line}`));
  };

  journal.beginStep('two calls without a session id make two sessions');
  const ids = [await chatAs(chat, 'hello'), await chatAs(chat, 'hello')];
  [FIRST, SECOND].forEach((inArticle, i) => articleIds.set(ids[i], inArticle));
  await compareStore(new Map([[FIRST, null], [SECOND, null]]));

  journal.beginStep('a call with a session id sets its data');
  await chatAs(chat, 'hello', ids[1]);
  await compareStore(new Map([[FIRST, null], [SECOND, 'hello']]));

  journal.beginStep('a call of the function with update: true changes it');
  await chatAs(chatUpdate, 'hello world', ids[1]);
  await compareStore(new Map([[FIRST, null], [SECOND, 'hello world']]));

  journal.beginStep('a session id that the client made is taken as it is');
  await chatAs(chat, 'hello', CLIENT_MADE);
  await compareStore(new Map([[FIRST, null], [SECOND, 'hello world'], [CLIENT_MADE, 'hello']]));

  journal.beginStep('without a table in the environment there is no store');
  await expectNoStore(cloud, journal);
}

async function expectNoStore(cloud: LocalCloud, journal: Journal): Promise<void> {
  const { [TABLE_NAME_ENVIRONMENT_VARIABLE]: tableName, ...environment } = cloud.configurationOf('Chat').environment;
  journal.verdict(tableName === cloud.tableName, `${TABLE_NAME_ENVIRONMENT_VARIABLE} was set by attach(), taken away for this call`);

  const lambda = await cloud.startFunction({ ...cloud.configurationOf('Chat'), environment });
  const outcome = await call(lambda, 'hello world').catch((error: unknown) => error);
  journal.verdict(
    outcome instanceof LambdaError && outcome.errorType === 'SessionStoreNotSetError' && outcome.errorMessage.startsWith('Store not set'),
    'the error is the article\'s',
  );
  journal.note('  the article   session_lambda.session.SessionStoreNotSet: Store not set');
  journal.note(`  here          ${outcome instanceof LambdaError ? outcome.message : JSON.stringify(outcome)}`);
}
