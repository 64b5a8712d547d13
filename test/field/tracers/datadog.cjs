const tracer = require('dd-trace').init({ flushInterval: 0, startupLogs: false, telemetry: { enabled: false } });

globalThis.tracer = {
  run: (work) => tracer.trace('invocation', work),
  // In Lambda its spans go to the log, which the test reads.
  spans: () => [],
};
