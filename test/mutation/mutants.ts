import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** A source file with one deliberate fault. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly original: string;
  readonly replacement: string;
  /** The whole file with the fault. */
  readonly text: string;
}

const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==', '!==': '===', '<': '<=', '<=': '<', '>': '>=', '>=': '>', '&&': '||', '||': '&&', '??': '&&', '+': '-', '-': '+', '*': '/', '/': '*',
};
const FUNCTIONS: Readonly<Record<string, string>> = { 'Math.min': 'Math.max', 'Math.max': 'Math.min' };

/** All mutants of a source file: operators exchanged, conditions negated, booleans inverted, statements left out. */
export function mutantsOf(file: string): Mutant[] {
  const text = readFileSync(file, 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];

  const replace = (node: ts.Node, replacement: string) => mutants.push({
    file,
    line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1,
    original: node.getText(),
    replacement,
    text: text.slice(0, node.getStart()) + replacement + text.slice(node.getEnd()),
  });

  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isImportDeclaration(node)) {
      return;
    }
    if (ts.isBinaryExpression(node) && OPERATORS[node.operatorToken.getText()] !== undefined) {
      replace(node.operatorToken, OPERATORS[node.operatorToken.getText()]);
    } else if (node.kind === ts.SyntaxKind.TrueKeyword) {
      replace(node, 'false');
    } else if (node.kind === ts.SyntaxKind.FalseKeyword) {
      replace(node, 'true');
    } else if (ts.isCallExpression(node) && FUNCTIONS[node.expression.getText()] !== undefined) {
      replace(node.expression, FUNCTIONS[node.expression.getText()]);
    } else if ((ts.isIfStatement(node) || ts.isConditionalExpression(node)) && !ts.isBinaryExpression(conditionOf(node))) {
      replace(conditionOf(node), `!(${conditionOf(node).getText()})`);
    } else if (ts.isExpressionStatement(node)) {
      replace(node, ';');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

function conditionOf(node: ts.IfStatement | ts.ConditionalExpression): ts.Expression {
  return ts.isIfStatement(node) ? node.expression : node.condition;
}
