/** Draws a filled circle. */
export function circle(x: number, y: number, radius: number, fill: string): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"/>`
}

/** Draws a filled rectangle. */
export function box(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`
}

/** Draws a filled path. */
export function shape(path: string, fill: string): string {
  return `<path d="${path}" fill="${fill}"/>`
}

/** Draws a stroked path, in dashes when they are given. A dash of 0 is a dot. */
export function line(path: string, stroke: string, width: number, dashes?: string): string {
  const dashed = dashes === undefined ? '' : ` stroke-dasharray="${dashes}" stroke-linecap="${capOf(dashes)}"`
  return `<path d="${path}" fill="none" stroke="${stroke}" stroke-width="${width}"${dashed}/>`
}

/** Calls `draw` with 0, 1, 2 … and joins what it draws. */
export function repeat(count: number, draw: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => draw(index)).join('')
}

function capOf(dashes: string): string {
  return dashes.startsWith('0') ? 'round' : 'butt'
}
