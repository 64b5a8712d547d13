import { codeBlocks } from '../docs/code-blocks';
import { useBundles } from '../fixtures/bundled.js';

const bundles = useBundles();

/** Runs a sample of docs/conversations.md on sessions in memory, after what `before` imports and sets. */
function sample(detail: string, before: string) {
  const [{ code }] = codeBlocks().filter(({ name }) => name === `docs/conversations.md ${detail}`);
  const source = `
    import { initSessionStore } from 'cdk-session-table/lambda-runtime';
    export { invoke } from 'cdk-session-table/lambda-runtime/testing';
    initSessionStore({ runtime: true });
    ${before}
    ${code}`;
  return bundles.load(source.replaceAll("'@openai/agents'", "'@openai/agents-core'"), 'test/field');
}

test('the agent of docs/conversations.md remembers what was said before', async () => {
  // What is missing of @openai/agents is its model, which answers over the network.
  const { handler, invoke } = sample('agents', `
    import { setDefaultModelProvider, Usage } from '@openai/agents';
    setDefaultModelProvider({ getModel: () => ({
      async getResponse({ input }) {
        const content = [{ type: 'output_text', text: 'heard ' + input.filter(({ role }) => role === 'user').length }];
        return { usage: new Usage(), output: [{ type: 'message', role: 'assistant', status: 'completed', content }] };
      },
    }) });`);
  const first = await invoke(handler, { body: 'hello' });
  const second = await invoke(handler, { body: 'again', headers: first.headers });

  expect([first.body, second.body]).toEqual(['heard 1', 'heard 2']);
});

test('the LangChain.js sample of docs/conversations.md counts its messages', async () => {
  const { handler, invoke } = sample('langchain', '');
  const first = await invoke(handler, { body: 'hello' });
  const second = await invoke(handler, { body: 'again', headers: first.headers });

  expect([first.body, second.body]).toEqual(['1', '2']);
});
