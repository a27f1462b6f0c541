import { expose } from 'comlink';
import { executeJob } from '#spv/proof/execute-job';

expose({ run: executeJob });
