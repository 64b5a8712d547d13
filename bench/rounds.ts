/**
 * Measures subjects in turn, round by round, so that whatever else the machine does hits all alike; now from the first to the
 * last and now back. One more round before is not counted.
 *
 * @returns the measurements of each subject, by round
 */
export async function inRounds<TSubject, TResult>(
  rounds: number,
  subjects: readonly TSubject[],
  measure: (subject: TSubject) => TResult | Promise<TResult>,
): Promise<TResult[][]> {
  const measured: TResult[][] = subjects.map(() => []);
  for (let round = -1; round < rounds; round++) {
    const order = [...subjects.keys()];
    if (round % 2 !== 0) order.reverse();
    for (const index of order) {
      const result = await measure(subjects[index]);
      if (round >= 0) measured[index].push(result);
    }
  }
  return measured;
}

/** A number of rounds or invocations, times `BENCH_SCALE`: 0.1 is enough to try the benchmark out. */
export function scaled(count: number): number {
  return Math.max(1, Math.round(count * Number(process.env.BENCH_SCALE ?? 1)));
}
