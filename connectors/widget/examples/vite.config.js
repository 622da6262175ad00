// One build of both examples. VITE_PARLEY: the address of your Parley server, whose `allowed_origins` names this site.
import vue from "@vitejs/plugin-vue";

const isCustomElement = (tag) => tag === "parley-chat";

export default {
  base: "./",
  plugins: [vue({ template: { compilerOptions: { isCustomElement } } })],
  esbuild: { jsx: "automatic" },
  build: { modulePreload: { polyfill: false }, rollupOptions: { input: ["react/index.html", "vue/index.html"] } },
};
