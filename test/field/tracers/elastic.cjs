const apm = require('elastic-apm-node');
const { NoopApmClient } = require('elastic-apm-node/lib/apm-client/noop-apm-client');

const spans = [];
class Client extends NoopApmClient {
  sendSpan(span, done) {
    spans.push(span);
    done?.();
  }
}
apm.start({ serviceName: 'test', transport: () => new Client(), metricsInterval: 0, centralConfig: false, cloudProvider: 'none', exitSpanMinDuration: '0ms', spanCompressionEnabled: false, logLevel: 'off' });

globalThis.tracer = {
  run: async (work) => {
    const transaction = apm.startTransaction('invocation');
    await work();
    transaction.end();
  },
  spans: async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    return spans.map(({ name, context }) => ({ name, context }));
  },
};
