import { runChecks } from './checks.mjs';

runChecks(['types', 'lint', 'deadCode', 'unit', 'build', 'e2e']);
