import { useLocation } from 'wouter';
import type { Fault } from '#workers/rpc/fault';
import { ROUTES } from '../../app/routes.ts';
import { setTogether } from '../../client/together.ts';
import { type Action, useAction } from '../../client/use-action.ts';

/** Plans a draft, opens it and goes to where it is read and signed; a fault stays with the form. */
export const useBeginDraft = (): { readonly action: Action; readonly begin: (plan: () => Promise<string | Fault>) => Promise<void> } => {
  const [, go] = useLocation();
  const action = useAction();
  const begin = async (plan: () => Promise<string | Fault>): Promise<void> => {
    const draft = await action.run(plan);
    if (draft === undefined) return;
    setTogether(draft as string);
    go(ROUTES.together);
  };
  return { action, begin };
};
