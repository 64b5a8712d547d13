/**
 * The ways into the runtime: each is an export of the package, `index` as `cdk-session-table/lambda-runtime` and the others below it,
 * and a file of `src`. What they share they import from `index`, so that all have one state.
 */
export const ENTRIES: Readonly<Record<string, string>> = {
  'index': 'index',
  'middy': 'adapters/middy',
  'hono': 'adapters/hono',
  'stores': 'stores',
  'testing': 'testing',
  'better-auth': 'adapters/better-auth',
  'node': 'adapters/node',
  'express': 'adapters/express',
  'react-router': 'adapters/react-router',
  'openai-agents': 'adapters/openai-agents',
  'langchain': 'adapters/langchain',
};

/** Where the package has the entry. */
export function pathOfEntry(entry: string): string {
  return entry === 'index' ? 'lambda-runtime' : `lambda-runtime/${entry}`;
}
