/** The mark: a door that stands ajar. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg aria-hidden="true" width={size} height={size} viewBox="0 0 32 32" fill="none">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <path
        d="M9 25V13a7 7 0 0 1 14 0v12"
        stroke="var(--on-accent)"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <path d="M16 8.5 22 11v14.5L16 23z" fill="var(--on-accent)" />
    </svg>
  );
}
