import { getSessionData, session, setSessionData } from 'cdk-session-table/lambda-runtime';

interface ChatEvent {
  readonly headers: Readonly<Record<string, string>>;
  /** JSON of `{ message }` */
  readonly body: string;
}

async function chat(event: ChatEvent) {
  const previous = getSessionData<string>();
  const { message } = JSON.parse(event.body);

  // As in the article's listings: whoever comes without a session id is given one, and its session holds nothing yet.
  if (event.headers['session-id']) {
    setSessionData(message);
  }
  return { statusCode: 200, body: JSON.stringify({ message, previous }) };
}

/** The article's `@session(...)`: the first message is kept. */
export const handler = session(chat, { ttl: 15 * 60 });

/** The article's `@session(update=True)`: the newest message is kept. */
export const updatingHandler = session(chat, { ttl: 15 * 60, update: true });
