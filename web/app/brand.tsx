import { useText } from '../client/text.ts';

/** The mark of the product: the proof ring, about to close. */
export const BrandRing = ({ size = 22 }: { readonly size?: number }) => (
  <svg viewBox="0 0 64 64" width={size} height={size} aria-hidden className="shrink-0 text-accent">
    <circle
      cx="32"
      cy="32"
      r="26"
      fill="none"
      stroke="currentColor"
      strokeWidth="6"
      strokeDasharray="137 27"
      strokeLinecap="round"
      transform="rotate(-62 32 32)"
    />
    <path d="m20.5 32.5 8.2 8.2L44 24" fill="none" stroke="currentColor" strokeWidth="6" strokeLinecap="round" strokeLinejoin="round" />
  </svg>
);

export const Brand = () => (
  <span className="flex items-center gap-2.5 text-lead font-bold text-ink">
    <BrandRing />
    {useText().app.name}
  </span>
);
