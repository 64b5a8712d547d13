import { setTimeout as pause } from 'node:timers/promises';

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/**
 * Answers the last message, piece by piece. A stand-in that needs no account: it repeats instead of thinking.
 *
 * A model of Amazon Bedrock takes three lines in its place, and in app.ts a grant for `bedrock:InvokeModelWithResponseStream`:
 *
 *     const content = ({ role, text }: Message) => ({ role, content: [{ text }] });
 *     const { stream } = await new BedrockRuntime().converseStream({ modelId: 'amazon.nova-lite-v1:0', messages: messages.map(content) });
 *     for await (const { contentBlockDelta } of stream!) yield contentBlockDelta?.delta?.text ?? '';
 */
export async function* answer(messages: readonly Message[]): AsyncGenerator<string> {
  for (const word of reply(messages).split(/(?<=\s)/)) {
    await pause(25);
    yield word;
  }
}

function reply(messages: readonly Message[]): string {
  const [last, previous] = messages.filter(({ role }) => role === 'user').reverse();
  return previous === undefined
    ? `You said “${last.text}”. I am a stand-in for a language model: I cannot think, but I do remember. `
      + 'Reload this page, open it in a second tab, or log in on your phone: our conversation will be there.'
    : `You said “${last.text}”. Before that, you said “${previous.text}”. I still know it, `
      + 'although each message may reach another instance of the Lambda function.';
}
