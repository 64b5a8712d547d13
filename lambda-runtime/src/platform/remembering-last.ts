/** The function, but one that computes its result only when it is called with another argument than the last time. */
export function rememberingLast<TArgument, TResult>(compute: (argument: TArgument) => TResult): (argument: TArgument) => TResult {
  let last: { readonly argument: TArgument; readonly result: TResult } | undefined;
  return (argument) => {
    if (last === undefined || last.argument !== argument) {
      last = { argument, result: compute(argument) };
    }
    return last.result;
  };
}
