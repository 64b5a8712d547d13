/**
 * The ways into the runtime, each a file of `src` and an export of the package: `index` as `cdk-session-table/lambda-runtime`,
 * the others below it. What they share they import from `./index.js`, so that all have one state.
 */
export const ENTRIES: readonly string[] = ['index', 'middy', 'hono', 'stores', 'testing', 'better-auth', 'node', 'express', 'react-router', 'openai-agents', 'langchain'];
