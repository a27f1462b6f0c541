import { runChecks } from './checks.mjs';

runChecks(['types', 'lint', 'deadCode', 'quick']);
