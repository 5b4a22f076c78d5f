import qrcode from "qrcode-generator";
import { useMemo } from "react";

/** A QR code as one path, black on white whatever the theme: scanners want it so. */
export function QrCode({ text, label, className }: { text: string; label: string; className?: string }) {
  const { path, size } = useMemo(() => {
    const code = qrcode(0, "M");
    code.addData(text);
    code.make();
    const count = code.getModuleCount();
    let modules = "";
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < count; column++) {
        if (code.isDark(row, column)) modules += `M${column} ${row}h1v1h-1z`;
      }
    }
    return { path: modules, size: count };
  }, [text]);
  // Four modules of quiet around it, as the standard asks.
  const box = `-4 -4 ${size + 8} ${size + 8}`;
  return (
    <svg role="img" aria-label={label} viewBox={box} shapeRendering="crispEdges" className={className}>
      <rect x={-4} y={-4} width={size + 8} height={size + 8} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
