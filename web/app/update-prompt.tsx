import { useState } from 'react';
import { useSession } from '../client/session.ts';
import { useText } from '../client/text.ts';
import { useAction } from '../client/use-action.ts';
import { useClient } from '../client/use-client.ts';
import { Button } from '../components/button.tsx';
import { Notice } from '../components/notice.tsx';
import { installRelease, useRelease } from './release-watch.ts';

const LOCK_TIME = 600;

/** Announces a new version; it is installed only after consent and while every tab is locked. @source SPEC WB11 */
export const UpdatePrompt = () => {
  const text = useText().update;
  const { vault } = useClient();
  const release = useRelease();
  const locked = useSession((session) => session.vault?.state !== 'unlocked');
  const [later, setLater] = useState<string>();
  const action = useAction();
  if (release.failed) return <Notice kind="alarm">{text.failed}</Notice>;
  if (release.ready === undefined || release.ready === later) return null;
  const install = async () => {
    if (!locked) {
      await vault.lock();
      await new Promise((resolve) => setTimeout(resolve, LOCK_TIME));
    }
    await installRelease();
  };
  return (
    <Notice
      live
      title={text.ready}
      action={
        <div className="flex gap-2">
          <Button kind="plain" onPress={() => setLater(release.ready)}>
            {text.later}
          </Button>
          <Button isPending={action.busy} onPress={() => action.run(install)}>
            {locked ? text.install : text.lockAndInstall}
          </Button>
        </div>
      }
    >
      {release.blocked ? text.otherTab : text.lockFirst}
      <span className="block font-mono text-tiny text-soft">{release.ready}</span>
    </Notice>
  );
};
