/**
 * The floors of `lambda-runtime/src`, from the top: each room may import from the floors below it, and nobody from above or
 * from beside. `errors.ts` belongs to no floor; all may import it. `src/README.md` says what each room is for.
 */
export const FLOORS: readonly (readonly string[])[] = [
  ['adapters/**'], // doors for frameworks, which go through the main one
  ['!(errors).ts'], // the doors: what users import
  ['conversation/**', 'expired/**', 'users/**'],
  ['in-handler/**', 'streaming/**', 'frameworks/**', 'stores/contract/**', 'testing/**'],
  ['lifecycle/**'],
  ['invocation/**'],
  ['configuration/**'],
  ['session/**', 'events/**'],
  ['stores/dynamodb/**'],
  ['stores/{*.ts,collections/**}', 'transports/**'],
  ['dynamodb/client/**'],
  ['dynamodb/values/**', 'ids/**'],
  ['platform/**'],
];

/** The floors as zones of the rule `import/no-restricted-paths`, which sees imports of types too. */
export function restrictedPaths(): { target: string[]; from: string[]; message: string }[] {
  return FLOORS.flatMap((rooms, floor) => rooms.map((room) => {
    const forbidden = FLOORS.slice(0, floor + 1).flat().filter((other) => other !== room);
    return {
      target: [inSources(room)],
      from: forbidden.map(inSources),
      message: 'a room knows only the floors below it: see lambda-runtime/src/README.md',
    };
  })).filter(({ from }) => from.length > 0);
}

function inSources(glob: string): string {
  return `./lambda-runtime/src/${glob}`;
}
