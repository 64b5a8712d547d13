import { ForkedChild } from './forked-child';
import { eventAfter, type Peer } from './peers';
import { environmentOf } from './prepared-peers';

/** What a block of invocations took, each, and what memory the process held after it. */
export interface GrowthBlock {
  readonly cpuUs: number;
  readonly wallUs: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
}

export interface GrowthBlockOptions {
  readonly count: number;
  readonly inFlight: number;
  /** How many sessions the invocations go round among: `session-0`, `session-1`, … */
  readonly sessions: number;
  /** 10: every tenth invocation comes without a session. @default all come with one */
  readonly newVisitorEvery?: number;
}

/** A bundle in a process of its own that serves many sessions. */
export class GrowthChild {
  private readonly child: ForkedChild;

  constructor(peer: Peer, bundle: string, tableName: string, endpoint: string) {
    this.child = new ForkedChild('growth.cjs', [bundle, JSON.stringify(eventAfter())], environmentOf(peer, tableName, endpoint), { execArgv: ['--expose-gc'] });
  }

  run(options: GrowthBlockOptions): Promise<GrowthBlock> {
    return this.child.ask(options);
  }

  stop(): void {
    this.child.stop();
  }
}
