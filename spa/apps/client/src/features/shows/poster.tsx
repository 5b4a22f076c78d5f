import { cx } from "@anteroom/ui";
import { seededRandom } from "./seeded-random";

/** A drawing made from the show's name and the colours of its bands, until shows bring pictures of their own. */
export function Poster({
  seed,
  colours,
  className,
}: {
  seed: string;
  colours: string[];
  className?: string;
}) {
  const random = seededRandom(seed);
  const pick = (at: number) => colours[at % Math.max(1, colours.length)] ?? "#4f3bd6";
  const cx0 = 90 + random() * 220;
  const turn = random() * 60 - 30;
  const arcs = Array.from({ length: 9 }, (_, i) => ({
    radius: 34 + i * 26 + random() * 8,
    dash: `${20 + random() * 110} ${6 + random() * 26}`,
    colour: pick(i),
    width: 5 + random() * 9,
  }));
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 400 220"
      preserveAspectRatio="xMidYMid slice"
      className={cx("w-full bg-[#17122e]", className)}
    >
      <circle cx={cx0} cy={236} r={190} fill={pick(0)} opacity={0.25} />
      <g fill="none" strokeLinecap="round" transform={`rotate(${turn} ${cx0} 236)`}>
        {arcs.map((arc) => (
          <circle
            key={arc.radius}
            cx={cx0}
            cy={236}
            r={arc.radius}
            stroke={arc.colour}
            strokeWidth={arc.width}
            strokeDasharray={arc.dash}
            opacity={0.9}
          />
        ))}
      </g>
      <circle cx={cx0} cy={236} r={22} fill="#fff" opacity={0.92} />
    </svg>
  );
}
