import { useText } from '../client/text.ts';
import { Skeleton } from '../components/empty.tsx';

/** What stands while workers or a screen are loaded. */
export const Opening = () => {
  const text = useText().app;
  return (
    <main aria-busy className="mx-auto grid min-h-dvh w-full max-w-xl content-start gap-4 px-5 py-8">
      <p role="status" className="sr-only">
        {text.loading}
      </p>
      <Skeleton className="h-7 w-40" />
      <Skeleton className="mt-6 h-12 w-64" />
      <Skeleton className="h-20 w-full" />
      <Skeleton className="h-12 w-full" />
    </main>
  );
};
