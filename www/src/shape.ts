// Data of which nothing is certain: what is missing or of another type is empty.

export type Shape = Readonly<Record<string, unknown>>;

export const shape = (value: unknown): Shape => (typeof value === "object" && value !== null ? (value as Shape) : {});

export const text = (of: Shape, key: string): string => {
  const value = of[key];
  return typeof value === "string" ? value : "";
};

export const flag = (of: Shape, key: string): boolean => of[key] === true;

export const list = (of: Shape, key: string): Shape[] => {
  const value = of[key];
  return Array.isArray(value) ? value.map(shape) : [];
};
