import * as lambda from 'aws-cdk-lib/aws-lambda';

/**
 * Selects functions.
 */
export interface IFunctionFilter {
  /**
   * Whether a function is meant. Never asked about functions that CDK itself makes.
   *
   * @param fn the function
   */
  selects(fn: lambda.Function): boolean;
}

/**
 * Which of the functions below a scope use sessions.
 */
export interface SessionAccessProps {
  /**
   * Selects the functions.
   *
   * @default - all functions but those that CDK itself makes
   */
  readonly filter?: IFunctionFilter;
}
