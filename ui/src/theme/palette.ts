/** The console's colours: paper and ink, verdigris (the patina of a bronze tally), bronze, cinnabar. */
export interface Palette {
  ground: string;
  surface: string;
  sunken: string;
  line: string;
  edge: string;
  ink: string;
  inkSoft: string;
  inkFaint: string;
  primary: string;
  onPrimary: string;
  primaryWash: string;
  bronze: string;
  high: string;
  highWash: string;
  medium: string;
  mediumWash: string;
  low: string;
  lowWash: string;
  good: string;
  goodWash: string;
}

export const LIGHT: Palette = {
  ground: "#f4f3ee",
  surface: "#ffffff",
  sunken: "#faf9f5",
  line: "#e2dfd5",
  edge: "#8b887d",
  ink: "#1a2122",
  inkSoft: "#475152",
  inkFaint: "#626c6d",
  primary: "#0b6659",
  onPrimary: "#ffffff",
  primaryWash: "#e3f0ec",
  bronze: "#865712",
  high: "#ab211a",
  highWash: "#fbe9e6",
  medium: "#7f5200",
  mediumWash: "#f9efd9",
  low: "#36557f",
  lowWash: "#e7eef7",
  good: "#226a34",
  goodWash: "#e5f2e6",
};

export const DARK: Palette = {
  ground: "#0e1415",
  surface: "#151d1f",
  sunken: "#192325",
  line: "#29363a",
  edge: "#6e7d80",
  ink: "#e7ece9",
  inkSoft: "#b7c2bf",
  inkFaint: "#93a09e",
  primary: "#58c6b0",
  onPrimary: "#06201b",
  primaryWash: "#14332f",
  bronze: "#d9aa58",
  high: "#ff8d7e",
  highWash: "#3a1c1a",
  medium: "#efb65c",
  mediumWash: "#35280f",
  low: "#98b8e6",
  lowWash: "#1b2a3f",
  good: "#74d08e",
  goodWash: "#163222",
};

const UPPER = /[A-Z]/g;

/** The palette as CSS custom properties: `inkSoft` is `--ink-soft`. */
export function cssVariables(palette: Palette): [name: string, value: string][] {
  return Object.entries(palette).map(([name, value]: [string, string]) => [
    `--${name.replace(UPPER, (letter) => `-${letter.toLowerCase()}`)}`,
    value,
  ]);
}
