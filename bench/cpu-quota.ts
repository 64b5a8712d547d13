import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const GROUPS = '/sys/fs/cgroup/cpu';

/** As long as Lambda's, so that a short burst is held up as it is there. */
const PERIOD_US = 20_000;

/** A group of processes that share a part of a core: cgroup v1, which takes Linux and root. */
export class CpuQuota {
  /** Undefined where there is none to be had. */
  static make(share: number): CpuQuota | undefined {
    if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync(join(GROUPS, 'cpu.cfs_quota_us'))) return undefined;
    return new CpuQuota(share);
  }

  private readonly folder = join(GROUPS, `cdk-session-table-bench-${process.pid}`);

  private constructor(share: number) {
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'cpu.cfs_period_us'), `${PERIOD_US}`);
    writeFileSync(join(this.folder, 'cpu.cfs_quota_us'), `${Math.round(PERIOD_US * share)}`);
  }

  /** Puts the only child of a process into the group, with all its threads. */
  confineChildOf(parent: number): void {
    const pid = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim();
    writeFileSync(join(this.folder, 'cgroup.procs'), pid);
  }

  /** Once the processes have ended. */
  remove(): void {
    rmdirSync(this.folder);
  }
}
