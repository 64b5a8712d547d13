import { requireUser } from './account';
import { answer, type Message } from './model';
import { json, Refusal, respond } from './response';
import { type Conversation, conversation } from 'cdk-session-table/lambda-runtime';

/** An even number, as each question has its answer. */
const REMEMBERED = 20;
const LONGEST = 4000;

/** One for all devices of the user. Without an id it would be one for each session. */
function history(): Conversation<Message> {
  return conversation<Message>({ id: `chat of ${requireUser()}` });
}

export const chat = {
  'GET /messages': async ({ before }: { readonly before?: string }) => json({ user: requireUser(), ...await history().page({ before, limit: REMEMBERED }) }),
  'POST /messages/clear': async () => {
    await history().clear();
    return json({});
  },
  'POST /chat': async ({ text }: { readonly text: string }) => {
    if (typeof text !== 'string' || text.trim() === '' || text.length > LONGEST) throw new Refusal(400, `Write 1 to ${LONGEST} characters.`);
    const messages = history();
    const question: Message = { role: 'user', text };
    return respond('text/plain', streamAnswer(messages, question, [...await messages.recent(REMEMBERED), question]));
  },
};

/** Question and answer are appended in one step, so the history never holds one without the other, whatever other tabs do. */
async function* streamAnswer(messages: Conversation<Message>, question: Message, asked: readonly Message[]): AsyncGenerator<string> {
  let text = '';
  for await (const piece of answer(asked)) {
    text += piece;
    yield piece;
  }
  await messages.append(question, { role: 'assistant', text });
}
