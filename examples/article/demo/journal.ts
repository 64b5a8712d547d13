/** Prints what happens, a line each, and remembers what went otherwise than expected. */
export class Journal {
  private readonly steps: Array<{ readonly title: string; asExpected: boolean }> = [];

  say(line = ''): void {
    console.log(line);
  }

  beginStep(title: string): void {
    this.steps.push({ title, asExpected: true });
    this.say(`\n${this.steps.length}. ${title}`);
  }

  /** A line of the step that was begun last. */
  note(line: string): void {
    this.say(`     ${line}`);
  }

  /** The same, with a verdict on it. */
  verdict(asExpected: boolean, line: string): void {
    this.steps.at(-1)!.asExpected &&= asExpected;
    this.say(`   ${mark(asExpected)} ${line}`);
  }

  /** Returns whether all went as expected. */
  summarise(): boolean {
    const asExpected = this.steps.filter((step) => step.asExpected).length;
    this.say('\nSummary');
    for (const step of this.steps) this.say(`   ${mark(step.asExpected)} ${step.title}`);
    this.say(`\n${asExpected} of ${this.steps.length} steps went as expected.`);
    return asExpected === this.steps.length;
  }
}

function mark(asExpected: boolean): string {
  return asExpected ? '✓' : '✗';
}
