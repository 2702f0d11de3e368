// The outlines of signs that several views have, for `drawing` in dom.ts.

export const cross = "M6 6l12 12M18 6L6 18";
export const up = "M6 15l6-6 6 6";
export const down = "M6 9l6 6 6-6";
export const sheet = "M14 3H7a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V7zM14 3v4h4";
