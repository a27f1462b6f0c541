import { debtFaults } from './debt-faults.ts';
import { draftFaults } from './draft-faults.ts';
import { evidenceFaults } from './evidence-faults.ts';
import { personFaults } from './person-faults.ts';

export const faults: Readonly<Record<string, string>> = { ...evidenceFaults, ...debtFaults, ...draftFaults, ...personFaults };
