// What the charts use of Observable Plot; esbuild leaves the rest out.
export {
  areaY, arrow, barX, dot, gridX, line, plot, ruleX, ruleY, stackX, text, tickX,
} from "@observablehq/plot";
