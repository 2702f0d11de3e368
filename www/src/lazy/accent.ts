// For pages with a brand colour of their own.
export { accent } from "../color.ts";
