type HttpModule = Pick<typeof import('node:http'), 'Agent' | 'ClientRequest' | 'request'>;

const loaded: { [Protocol in 'http:' | 'https:']?: HttpModule } = {};

/**
 * `node:http` or `node:https`, loaded when first needed: `node:https` costs a cold start several milliseconds. Required, as
 * most programs do, because tracers patch a module when it is first required; `process.getBuiltinModule` would pass them by.
 */
export function httpModule(protocol: 'http:' | 'https:'): HttpModule {
  return loaded[protocol] ??= process.getBuiltinModule('node:module').createRequire('/')(protocol === 'https:' ? 'https' : 'http');
}
