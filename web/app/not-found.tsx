import { useText } from '../client/text.ts';
import { ButtonLink } from '../components/link.tsx';
import { Page } from '../components/page.tsx';
import { ROUTES } from './routes.ts';

export const NotFound = () => {
  const text = useText().app;
  return (
    <Page title={text.notFound}>
      <div>
        <ButtonLink to={ROUTES.wallet} kind="primary">
          {text.toWallet}
        </ButtonLink>
      </div>
    </Page>
  );
};
