const { SpanKind, trace } = require('@opentelemetry/api');
const { registerInstrumentations } = require('@opentelemetry/instrumentation');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } = require('@opentelemetry/sdk-trace-node');

const exporter = new InMemorySpanExporter();
new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }).register();
registerInstrumentations({ instrumentations: [new HttpInstrumentation()] });

globalThis.tracer = {
  run: (work) => trace.getTracer('test').startActiveSpan('invocation', (span) => work().finally(() => span.end())),
  spans: () => exporter.getFinishedSpans().filter(({ kind }) => kind === SpanKind.CLIENT).map(({ name, attributes }) => ({ name, attributes })),
};
