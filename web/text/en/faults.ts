import { debtFaults } from './debt-faults.ts';
import { draftFaults } from './draft-faults.ts';
import { evidenceFaults } from './evidence-faults.ts';
import { personFaults } from './person-faults.ts';

/** One sentence for every code that can reach a screen. @source SPEC WB2 */
export const faults: Readonly<Record<string, string>> = { ...evidenceFaults, ...debtFaults, ...draftFaults, ...personFaults };
