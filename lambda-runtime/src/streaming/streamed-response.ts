import { SessionError } from '../errors.js';
import type { ResponseStream } from './response-stream.js';
import type { Invocation } from '../invocation/invocation.js';
import { readAnswer } from '../invocation/read-answer.js';
import { refuseUnseenFailure } from '../invocation/watched-work.js';
import { writeIdAhead } from '../invocation/write-id.js';
import { expectedSave, saveSession } from '../lifecycle/save.js';

/** Writes status and headers of a response in front of its first byte: `awslambda.HttpResponseStream.from`. */
export type SetMetadata = (stream: ResponseStream, metadata: unknown) => unknown;

/** What `awslambda.HttpResponseStream.from` leaves on the stream, and what the stream calls before its first write. */
interface Prelude {
  _onBeforeFirstWrite?: (write: (part: unknown) => void) => void;
}

/** What Lambda assumes if nothing says what the body is. */
const DEFAULT_CONTENT_TYPE = 'application/octet-stream';

/**
 * Makes a response stream send the session id with its first byte, and end only when the session has been saved.
 *
 * Its methods never throw: a pipe calls them from an event of its source, where an exception would end the whole process.
 * They fail the invocation instead, and from then on take no more data.
 */
export class StreamedResponse {
  private readonly original: Pick<ResponseStream, 'write' | 'end' | 'setContentType'>;
  private contentType = DEFAULT_CONTENT_TYPE;
  private hasFailed = false;
  private saved?: Promise<void>;
  private succeed!: () => void;
  private reject!: (reason: unknown) => void;
  /** Settles when the stream has ended, was closed before, or cannot go on. */
  private readonly ended = new Promise<void>((resolve, reject) => {
    this.succeed = resolve;
    this.reject = reject;
  });

  constructor(
    private readonly stream: ResponseStream & Prelude,
    private readonly invocation: Invocation,
    private readonly setMetadata: SetMetadata,
  ) {
    this.original = { write: stream.write.bind(stream), end: stream.end.bind(stream), setContentType: stream.setContentType.bind(stream) };
    stream.write = this.write.bind(this) as ResponseStream['write'];
    stream.end = this.end.bind(this) as ResponseStream['end'];
    stream.setContentType = this.setContentType.bind(this);
    stream.once('close', this.succeed);
  }

  /**
   * Runs the handler and waits for it and for the end of the stream.
   *
   * @throws what the handler throws, or why the session was not saved
   */
  async endOf(handler: () => Promise<unknown>): Promise<void> {
    try {
      await Promise.all([handler(), this.ended]);
      await this.save(); // a stream that was closed without being ended has not saved yet
    } catch (error) {
      this.hasFailed = true;
      Object.assign(this.stream, { end: this.original.end, setContentType: this.original.setContentType }); // for whoever reports the failure
      throw error;
    }
  }

  private setContentType(contentType: string): void {
    this.original.setContentType(contentType);
    this.contentType = contentType;
  }

  private write(...args: Parameters<ResponseStream['write']>): boolean {
    if (this.invocation.isSealed) {
      this.fail(new SessionError('the response stream has been ended: nothing more can be written to it'));
    } else {
      this.tryToSendHead();
    }
    return this.hasFailed ? this.discard(args) : this.original.write(...args);
  }

  /** Ends the stream when the session has been saved, whether the handler calls it or a pipe. */
  private end(...args: unknown[]): ResponseStream {
    const callback = typeof args.at(-1) === 'function' ? args.pop() as () => void : undefined;
    const [chunk, encoding] = args;
    if (!this.invocation.isSealed) {
      this.write(chunk ?? '', encoding as BufferEncoding); // without a write the runtime would send no head
    }
    if (!this.invocation.isSealed && !this.hasFailed) {
      this.save().then(() => this.endOriginal(callback)).catch((error: unknown) => this.fail(error));
    }
    return this.stream;
  }

  private endOriginal(callback: (() => void) | undefined): void {
    if (!this.hasFailed) {
      Object.assign(this.stream, this.original); // whatever comes now is an error of the stream itself
      this.stream.end(callback);
      this.succeed();
    }
  }

  /** Once. From now on nothing can be set, since it would not be saved. */
  private save(): Promise<void> {
    return this.saved ??= this.sealAndSave();
  }

  private async sealAndSave(): Promise<void> {
    this.invocation.isSealed = true;
    this.invocation.refuseWithoutSession();
    await refuseUnseenFailure(this.invocation);
    await saveSession(this.invocation.session, this.invocation.access);
  }

  private fail(reason: unknown): void {
    this.hasFailed = true;
    this.reject(reason);
  }

  /** As of a full stream: a pipe waits for a drain that never comes, instead of going on into the next invocation. */
  private discard(args: unknown[]): false {
    const callback = args.at(-1);
    if (typeof callback === 'function') {
      process.nextTick(callback, new SessionError('the response stream has failed, and takes no more data'));
    }
    return false;
  }

  private tryToSendHead(): void {
    try {
      this.sendHead();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Once. */
  private sendHead(): void {
    const { session, access, headIsSent } = this.invocation;
    if (headIsSent) {
      return;
    }
    this.invocation.refuseWithoutSession();
    const metadata = this.metadata();
    const answer = readAnswer(this.invocation, metadata);
    const expected = expectedSave(session, access);
    if (metadata !== undefined) {
      this.setMetadata(this.stream, writeIdAhead(this.invocation, expected, answer, metadata));
    }
    session.headLacksId = answer !== undefined && !expected.isStored;
    this.invocation.headIsSent = true;
  }

  /** Status and headers that the handler set, else those that Lambda would use. The response to a direct invocation may have none. */
  private metadata(): object | undefined {
    const parts: unknown[] = [];
    this.stream._onBeforeFirstWrite?.((part) => parts.push(part));
    if (parts.length > 0) {
      return { statusCode: 200, ...JSON.parse(String(parts[0])) };
    }
    return !this.invocation.format.isHttp ? undefined : { statusCode: 200, headers: { 'content-type': this.contentType } };
  }
}
