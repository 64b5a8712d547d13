import { formatSpread, markdownTable, ratios, summarise } from './figures';

export interface Subject {
  readonly id: string;
  readonly name: string;
}

/** The figures of one measurement. */
export type Measurement<TFigure extends string = string> = Readonly<Record<TFigure, number>>;

/** One value of a subject per round. */
type Values = (id: string) => readonly number[];

/** What was measured of some subjects in rounds. */
export class Measured<TFigure extends string = string> {
  constructor(private readonly subjects: readonly Subject[], private readonly measurements: readonly Measurement<TFigure>[][]) {}

  values(figure: TFigure): Values {
    return (id) => {
      const index = this.subjects.findIndex((subject) => subject.id === id);
      return this.measurements[index].map((measurement) => measurement[figure]);
    };
  }

  /** What a subject adds to the base, in the same round. */
  added(figure: TFigure, base: string): Values {
    const values = this.values(figure);
    return (id) => values(id).map((value, round) => value - values(base)[round]);
  }

  /** The medians and quartiles of all subjects but one. */
  table(columns: Readonly<Record<string, Values>>, without?: string): string {
    const shown = this.subjects.filter(({ id }) => id !== without);
    const rows = shown.map(({ id, name }) => [name, ...Object.values(columns).map((values) => formatSpread(summarise(values(id))))]);
    return markdownTable(['', ...Object.keys(columns)], rows);
  }

  /** By subject and figure; and one subject's, as a rule ours, in relation to it. */
  figures(own = 'cdk-session-table'): Record<string, unknown> {
    return Object.fromEntries(this.subjects.map(({ id }, index) => {
      const names = Object.keys(this.measurements[index][0]) as TFigure[];
      return [id, Object.fromEntries(names.map((name) => {
        const values = this.values(name);
        return [name, { ...summarise(values(id)), ownRatio: ratios(values(own), values(id)) }];
      }))];
    }));
  }
}

/** Each value in relation to the base's, in the same round. */
export function inRelationTo(base: string, values: Values): Values {
  return (id) => values(id).map((value, round) => value / values(base)[round]);
}
