import { SessionError } from '../errors.js';
import type { ResponseStream } from './response-stream.js';
import { bare } from '../events/bare.js';
import type { Invocation } from '../invocation/invocation.js';
import { writeIdAhead } from '../invocation/write-id.js';
import { expectedSave, saveSession } from '../lifecycle/save.js';

/** Writes the status and headers of a response in front of its first byte: `awslambda.HttpResponseStream.from`. */
export type SetMetadata = (stream: ResponseStream, metadata: unknown) => unknown;

/** What `awslambda.HttpResponseStream.from` leaves on the stream, and what the stream calls before its first write. */
interface Prelude {
  _onBeforeFirstWrite?: (write: (part: unknown) => void) => void;
}

/** As Lambda takes it where nothing says what the body is. */
const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/** Makes a response stream tell the session id with its first byte, and end only when the session is saved. */
export class StreamedResponse {
  private readonly original: Pick<ResponseStream, 'write' | 'end' | 'setContentType'>;
  private contentType = DEFAULT_CONTENT_TYPE;
  private isEnding = false;
  private settle!: (saved: void | Promise<void>) => void;
  /** Settles when the stream has ended as it should, or was closed before. */
  private readonly ended = new Promise<void>((resolve) => { this.settle = resolve; });

  constructor(
    private readonly stream: ResponseStream & Prelude,
    private readonly invocation: Invocation,
    private readonly setMetadata: SetMetadata,
  ) {
    this.original = { write: stream.write.bind(stream), end: stream.end.bind(stream), setContentType: stream.setContentType.bind(stream) };
    stream.write = this.write.bind(this) as ResponseStream['write'];
    stream.end = this.end.bind(this) as ResponseStream['end'];
    stream.setContentType = this.setContentType.bind(this);
    stream.once('close', () => this.settle());
  }

  /** Waits for the handler and the end of the stream. Rejects with what the handler throws, or why the session is not saved. */
  async endOf(handler: Promise<unknown>): Promise<void> {
    try {
      await Promise.all([handler, this.ended]);
    } catch (error) {
      Object.assign(this.stream, this.original); // what still comes in is for the runtime to refuse, and nothing is saved
      throw error;
    }
  }

  private setContentType(contentType: string): void {
    this.original.setContentType(contentType);
    this.contentType = contentType;
  }

  private write(...args: Parameters<ResponseStream['write']>): boolean {
    if (this.isEnding) {
      throw new SessionError('the response stream was ended: nothing can be written to it any more');
    }
    this.sendHead();
    return this.original.write(...args);
  }

  /** Ends the stream when the session is saved, be it called by the handler or by a pipe. */
  private end(...args: unknown[]): ResponseStream {
    if (!this.isEnding) {
      const callback = typeof args.at(-1) === 'function' ? args.pop() as () => void : undefined;
      const [chunk, encoding] = args;
      this.write(chunk ?? '', encoding as BufferEncoding); // of a stream that nothing is written to the runtime sends no head
      this.isEnding = true;
      this.invocation.hasEnded = true;
      this.settle(this.saveAndEnd(callback));
    }
    return this.stream;
  }

  private async saveAndEnd(callback: (() => void) | undefined): Promise<void> {
    await saveSession(this.invocation.session, this.invocation.access);
    this.original.end(callback);
  }

  /** Once. */
  private sendHead(): void {
    if (this.invocation.headIsSent) {
      return;
    }
    const { session, access } = this.invocation;
    const expected = expectedSave(session, access);
    const metadata = this.metadata();
    if (metadata !== undefined) {
      this.setMetadata(this.stream, writeIdAhead(this.invocation, expected, metadata));
    }
    session.isUntold = !expected.isStored;
    this.invocation.headIsSent = true;
  }

  /** Status and headers that the handler set, else those that Lambda would take. A direct invocation's response may have none. */
  private metadata(): object | undefined {
    const parts: unknown[] = [];
    this.stream._onBeforeFirstWrite?.((part) => parts.push(part));
    if (parts.length > 0) {
      return { statusCode: 200, ...JSON.parse(String(parts[0])) };
    }
    return this.invocation.format === bare ? undefined : { statusCode: 200, headers: { 'content-type': this.contentType } };
  }
}
