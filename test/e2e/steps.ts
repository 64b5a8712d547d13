/** Says what happens, a line a step. */
export class Steps {
  private taken = 0;

  /** The line ends with what the step returns. A step that fails ends the run, for those after it build on it. */
  async take(title: string, step: () => Promise<string>): Promise<void> {
    try {
      const result = await step();
      this.taken += 1;
      console.log(`✓ ${title}: ${result}`);
    } catch (error) {
      console.log(`✗ ${title}`);
      throw new Error(`step ${this.taken + 1} failed, those after it were not tried: ${title}`, { cause: error });
    }
  }

  /** A step of which later ones need the result. */
  async result<T extends object>(title: string, step: () => Promise<T>): Promise<T> {
    let result!: T;
    await this.take(title, async () => {
      result = await step();
      return Object.values(result).join(', ');
    });
    return result;
  }

  skip(what: string, reason: string): void {
    console.log(`- skipped: ${what}; ${reason}`);
  }

  summarise(): void {
    console.log(`\nAll ${this.taken} steps went as expected.`);
  }
}
