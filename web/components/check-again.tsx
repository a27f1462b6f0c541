import { RefreshCw } from 'lucide-react';
import { useText } from '../client/text.ts';
import { useAction } from '../client/use-action.ts';
import { useClient } from '../client/use-client.ts';
import { Button } from './button.tsx';

/** Asks the peers for fresh proofs of everything shown. */
export const CheckAgain = () => {
  const text = useText().proof;
  const { chain } = useClient();
  const action = useAction();
  return (
    <Button isPending={action.busy} onPress={() => action.run(chain.checkAgain)}>
      <RefreshCw size={16} aria-hidden />
      {action.busy ? text.checking : text.again}
    </Button>
  );
};
