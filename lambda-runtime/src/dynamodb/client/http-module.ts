type HttpModule = Pick<typeof import('node:http'), 'Agent' | 'ClientRequest' | 'request'>;

let requireBuiltin: NodeJS.Require | undefined;

/**
 * `node:http` or `node:https`, loaded when first needed: `node:https` costs a cold start several milliseconds. Required, as
 * most programs do, because tracers patch a module when it is first required; `process.getBuiltinModule` would pass them by.
 */
export function httpModule(protocol: 'http:' | 'https:'): HttpModule {
  requireBuiltin ??= process.getBuiltinModule('node:module').createRequire('/');
  return requireBuiltin(protocol === 'https:' ? 'https' : 'http');
}
