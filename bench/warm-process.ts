import { ForkedChild, type ForkedChildOptions } from './forked-child';
import type { PreparedPeer } from './prepared-peers';

/** What an invocation took on average; as bench/children/warm.cjs reports. */
export interface WarmInvocation {
  readonly cpuUs: number;
  readonly wallUs: number;
  readonly allocatedBytes: number;
}

/** A process that has loaded a bundle and invokes its handler when asked to. */
export class WarmProcess {
  private readonly child: ForkedChild;

  constructor({ file, event, environment }: Pick<PreparedPeer, 'file' | 'event' | 'environment'>, options: ForkedChildOptions) {
    this.child = new ForkedChild('warm.cjs', [file, JSON.stringify(event)], environment, options);
  }

  /** Fails if an answer has another status than 200. Not to be called again before. */
  invoke(count: number, inFlight: number): Promise<WarmInvocation> {
    return this.child.ask({ count, inFlight });
  }

  stop(): void {
    this.child.stop();
  }
}
