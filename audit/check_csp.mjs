// Reads lines of "name<TAB>policy" and prints one line for every finding of Google's csp_evaluator.
import {readFileSync} from 'node:fs';
import {CspEvaluator} from 'csp_evaluator/dist/evaluator.js';
import {Severity} from 'csp_evaluator/dist/finding.js';
import {CspParser} from 'csp_evaluator/dist/parser.js';

for (const line of readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const [name, policy] = line.split('\t');
  for (const {severity, directive, value, description} of new CspEvaluator(new CspParser(policy).csp).evaluate()) {
    console.log([name, Severity[severity], directive, value ?? '', description].join('\t'));
  }
}
