import { expose } from 'comlink';
import { executeJob } from '#spv/proof/execute-job';

/** The first message brings the port of the chain worker; the window hears nothing more of it. */
addEventListener('message', (event: MessageEvent<MessagePort>) => expose({ run: executeJob }, event.data), { once: true });
