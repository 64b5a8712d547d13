import { IConstruct } from 'constructs';

/**
 * Selects functions.
 */
export interface IFunctionFilter {
  /**
   * Whether a function uses sessions. Not called for functions that CDK makes for itself, nor for those that run on Lambda@Edge.
   *
   * @param fn the function: a `lambda.Function` or any other construct that `attach()` takes, such as a `lambda.WebFunction`
   */
  selects(fn: IConstruct): boolean;
}

/**
 * Selects the functions below a scope that use sessions.
 */
export interface SessionAccessProps {
  /**
   * Selects the functions that use sessions.
   *
   * @default - all functions except those that CDK makes for itself and those that run on Lambda@Edge
   */
  readonly filter?: IFunctionFilter;
}
