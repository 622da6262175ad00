/** A sheet, as text: minified by the build. */
declare module "*.css" {
  const sheet: string;
  export default sheet;
}
