/** The two halves of a tally: the one that is kept and the one that is carried, met along their teeth. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path fill="var(--primary)" d="M9 3h5.2v6.2l3 2.6-3 2.6v3.2l3 2.6-3 2.6V29H9a5 5 0 0 1-5-5V8a5 5 0 0 1 5-5z" />
      <path
        fill="none"
        stroke="var(--bronze)"
        strokeWidth="2.2"
        strokeLinejoin="round"
        d="M18.2 4.1H23A3.9 3.9 0 0 1 26.9 8v16a3.9 3.9 0 0 1-3.9 3.9h-4.8v-4.6l3-2.6-3-2.6v-4.2l3-2.6-3-2.6z"
      />
      <circle cx="9.4" cy="10" r="1.7" fill="var(--surface)" />
    </svg>
  );
}
